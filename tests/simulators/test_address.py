"""Where the broker is, from the environment."""

from pathlib import Path

import pytest

from simulators.address import Address, BadAddress, address_from


def test_nothing_said_means_this_machine() -> None:
    assert address_from({}) == Address("127.0.0.1", 1883, None, None)


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("open sesame\n")
    told = {"MQTT_HOST": "broker", "MQTT_PORT": "8883", "MQTT_USERNAME": "ali"}
    found = address_from(told | {"MQTT_PASSWORD_FILE": str(secret)})
    assert found == Address("broker", 8883, "ali", "open sesame")
    assert "sesame" not in repr(found)


@pytest.mark.parametrize(
    ("told", "variable"),
    [
        ({"MQTT_PORT": "0"}, "MQTT_PORT"),
        ({"MQTT_PORT": "mqtt"}, "MQTT_PORT"),
        ({"MQTT_PORT": "70000"}, "MQTT_PORT"),
        ({"MQTT_PASSWORD": "x"}, "MQTT_USERNAME"),
        ({"MQTT_USERNAME": "a", "MQTT_PASSWORD_FILE": "/no/such/file"}, "MQTT_PASSWORD_FILE"),
    ],
)
def test_what_cannot_be_is_refused_by_the_variables_name(
    told: dict[str, str], variable: str
) -> None:
    with pytest.raises(BadAddress, match=variable):
        address_from(told)
