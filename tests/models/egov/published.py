"""Weights and grades of the index as they were published: data to start from, for a store to keep.

Decision 766/QĐ-TTg, in operation since 1 August 2022. The maxima and most formulas were read in
public sources. What was not found there is marked: resolved=False is our reading, and what happens
at a denominator of 0 is known for satisfaction alone, all else is "not assessed" [D].
"""

from datetime import date

from models.egov.index766 import Empty, Grade, Group, Weight

IN_OPERATION = date(2022, 8, 1)
DECISION = "766/QĐ-TTg"


def weight(
    code: str, group: Group, most: float, names: tuple[str, str], *, target: float = 1.0
) -> Weight:
    """A published weight."""
    return Weight(
        code, group, *names, max=most, target=target, valid_from=IN_OPERATION, source=DECISION
    )


# Three parts, 12 points together: which of them has how many was not found.
ONLINE = tuple(
    each._replace(resolved=False, source="our reading [D]")
    for each in (
        weight(
            "ONLINE_FULL_SERVICES",
            Group.ONLINE,
            4,
            ("DVC toàn trình", "Fully online services"),
            target=0.8,
        ),
        weight(
            "ONLINE_SERVICES_USED",
            Group.ONLINE,
            2,
            ("DVC có phát sinh hồ sơ trực tuyến", "Online services in use"),
        ),
        weight(
            "ONLINE_DOSSIERS",
            Group.ONLINE,
            6,
            ("Hồ sơ trực tuyến", "Dossiers sent online"),
            target=0.5,
        ),
    )
)

PAYMENT = (
    weight(
        "PAYMENT_FORMALITIES_WITH_DOSSIERS",
        Group.PAYMENT,
        2,
        ("TTHC có phí, lệ phí phát sinh hồ sơ", "Procedures with a fee that were used"),
        target=0.8,
    )._replace(resolved=False),  # 2.5 C, the cap is our reading
    weight(
        "PAYMENT_FORMALITIES_PAID",
        Group.PAYMENT,
        2,
        ("TTHC có giao dịch thanh toán trực tuyến", "Procedures that were paid online"),
        target=0.8,
    ),
    weight(
        "PAYMENT_DOSSIERS",
        Group.PAYMENT,
        6,
        ("Hồ sơ thanh toán trực tuyến", "Dossiers paid online"),
    ),
)

SATISFACTION = (
    weight(
        "DOSSIER_RECEIVING_SATISFACTION",
        Group.SATISFACTION,
        6,
        ("Hài lòng khi tiếp nhận, giải quyết TTHC", "Satisfaction with dossiers"),
        target=0.9,
    )._replace(empty=Empty.ZERO),
    weight(
        "PETITION_PROCESSING_ON_TIME",
        Group.SATISFACTION,
        6,
        ("Xử lý phản ánh, kiến nghị đúng hạn", "Petitions handled on time"),
    )._replace(empty=Empty.FULL),
    weight(
        "PETITION_HANDLING_SATISFACTION",
        Group.SATISFACTION,
        6,
        ("Hài lòng về xử lý phản ánh, kiến nghị", "Satisfaction with petitions"),
    )._replace(empty=Empty.FULL),
    weight(
        "PETITION_CLASSIFICATION_TTHC",
        Group.SATISFACTION,
        0,
        ("Phản ánh về TTHC", "Petitions about procedures"),
    ),
    weight(
        "PETITION_CLASSIFICATION_STAFF",
        Group.SATISFACTION,
        0,
        ("Phản ánh về cán bộ", "Petitions about staff"),
    ),
)

DIGITIZATION = (
    weight(
        "ORIGINAL_RESULT_AVAILABLE",
        Group.DIGITIZATION,
        6,
        ("Hồ sơ cấp kết quả điện tử", "Results as electronic originals"),
    ),
    weight(
        "SO_HOA_GIAY_TO_GIAI_QUYET",
        Group.DIGITIZATION,
        4,
        ("Số hoá giấy tờ, kết quả", "Papers digitised"),
    ),
    weight(
        "ELECTRONIC_CERTIFIED_COPY",
        Group.DIGITIZATION,
        2,
        ("Chứng thực bản sao điện tử", "Electronic certified copies"),
    ),
    weight(
        "REUSED_DIGITIZED_DATA",
        Group.DIGITIZATION,
        2,
        ("Tái sử dụng dữ liệu số hoá", "Digitised data used again"),
        target=0.8,
    ),
    weight(
        "SYNCED_WITH_DVCQG_PERSONAL_STORAGE",
        Group.DIGITIZATION,
        4,
        ("Đồng bộ kho dữ liệu cá nhân trên Cổng DVCQG", "Synchronised with personal storage"),
    ),
    weight(
        "CITIZEN_DATA_CONNECTED_DOSSIER",
        Group.DIGITIZATION,
        2,
        ("Hồ sơ kết nối CSDL dân cư", "Dossiers connected to population data"),
    ),
    weight(
        "CITIZEN_DATA_CONNECTED_FORMALITY",
        Group.DIGITIZATION,
        2,
        ("TTHC kết nối CSDL dân cư", "Procedures connected to population data"),
    ),
)

WEIGHTS = (
    weight(
        "PUBLISH_ON_TIME",
        Group.TRANSPARENCY,
        6,
        ("Công bố TTHC đúng hạn", "Procedures decided on time"),
    ),
    weight(
        "PUBLIC_UPDATE_ON_TIME",
        Group.TRANSPARENCY,
        4,
        ("Công khai TTHC đúng hạn", "Procedures published on time"),
    ),
    weight(
        "PUBLIC_CONTENT_FULL",
        Group.TRANSPARENCY,
        2,
        ("Công khai đầy đủ nội dung", "Published in full"),
    ),
    weight(
        "DOSSIER_SYNC",
        Group.TRANSPARENCY,
        6,
        ("Đồng bộ hồ sơ lên Cổng DVCQG", "Dossiers synchronised"),
    ),
    weight(
        "PROGRESS_ON_TIME",
        Group.PROGRESS,
        20,
        ("Hồ sơ giải quyết đúng hạn", "Dossiers processed on time"),
    ),
    *ONLINE,
    *PAYMENT,
    *SATISFACTION,
    *DIGITIZATION,
)

# The two highest were read in a public source, the others are commonly known [G].
GRADES = (
    Grade(90, "Xuất sắc", "Excellent"),
    Grade(80, "Tốt", "Good"),
    Grade(70, "Khá", "Fair"),
    Grade(50, "Trung bình", "Average"),
    Grade(0, "Yếu", "Weak"),
)
