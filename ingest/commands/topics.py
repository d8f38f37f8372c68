"""Where an asset hears its commands, and where it answers."""

ANSWERS = ("city/+/commands/response", "city/+/+/commands/response")


def command_topic(asset: str) -> str:
    """The topic of an asset's commands; a gateway's child is addressed behind its gateway.

    >>> command_topic("lamp-3"), command_topic("cabinet-1:lamp-3")
    ('city/lamp-3/commands', 'city/cabinet-1/lamp-3/commands')
    """
    gateway, _, child = asset.partition(":")
    return f"city/{gateway}/{child}/commands" if child else f"city/{asset}/commands"


def response_topic(asset: str) -> str:
    """The only topic on which an answer of this asset counts.

    >>> response_topic("lamp-3")
    'city/lamp-3/commands/response'
    """
    return f"{command_topic(asset)}/response"
