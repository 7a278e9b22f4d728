"""which drawings the versions of before show"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SHIPPED = {
    "activity-diary.svg": "9c84e18a27ae4ebbbbfcd7cde46b4bb5a44d4f55dd35c520e993e51e77884667",
    "arm-dermatomes.svg": "60f03dddf079897ab17014f19bef19aa4aa8b2a36b94c515df71dab4c2467d1d",
    "body-pain-drawing.svg": "6d9a6c3a622ec11aacbc125230efdeb27d5ac92c813ba6878e9bcf27e38b5ded",
    "body-pain-one-leg.svg": "110dc7d609cf306b21879a956453c03ebc6864ec20e7aa1c5990c8037d1e5c69",
    "celiac-axial.svg": "a93c2665dda667111a409662839766dde5a75f239e3b2794ff29fa937a946b68",
    "dose-and-pain.svg": "c359dd5b8ca671dec890d13d1343d5fb868b2d78d1359435996082686e2f618e",
    "ecg-av-block.svg": "b9d419fe4530eec427565d8d45aceb7b3a2782026099b5758890cf71b95f58e1",
    "ecg-long-qt.svg": "196602975afd2203d3143cff739efd6e4a94ce7ececf68bc12540eb15a6b91bc",
    "face-trigeminal.svg": "527e99b95040b7d861477f6f5ee539df73c680a9ffbad61418793e9dc54e2dfd",
    "fluoro-lumbar-ap.svg": "857e87eb033c0700b2e045258d317750fc2a0d1d7afeb2689906da94d6793822",
    "knee-front.svg": "e853a3a3d2ca819722e66ccb9dd489ff4dbc513e618f4b2e4658e05dbfc17b40",
    "leads-before-after.svg": "076fcea489813e6ae433e5264c557a1978622962a71d24000c6357edc1538c9f",
    "leg-dermatomes.svg": "3cd6c7154ca61b563797cd30f5c0ba5a868721a675df2dfcba6420a68fc9471a",
    "lumbar-axial.svg": "099148a39c404660715cb1131e353cf3e37c95cb9fde0628f62e7a5a779ff8ee",
    "lumbar-sagittal.svg": "4bc466fe1bd617a89fac8435b68c824752fa694460332eb2b25a55dd4a6c8bd1",
    "pelvis-posterior.svg": "d878c3fa5a78e86415a7d8a9df1a7b926f4ab2ad2e73830ab03b60b7ac5c213d",
    "pump-log.svg": "dc1ac112929317328dc98b08287f8d126ac96a63961bbb042996e97b7c82edab",
    "sleep-diary.svg": "44d88c223f264ae3bf2005790768e5e646a362f9b9e768af5afd5bb467074c21",
    "ultrasound-neck-c6.svg": "31b54f74f9bb1fc9eb2b85e21fd161af9f7ab8e3ee8fd304a87c426b5657fa79",
    "weekly-pain-ratings.svg": "4a7678181a3ba9d18283013c786e925657ccd22863f79c0b41f5948d2ad4b5df",
}
"""The drawings that the first edition came with, and what their bytes came to."""

VERSIONS = sa.table(
    "case_version",
    sa.column("id"),
    sa.column("body", sa.JSON()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
DRAWN = sa.table("case_version", sa.column("id"), sa.column("drawings", sa.JSON()))
IMAGES = sa.table(
    "image",
    sa.column("content_hash"),
    sa.column("media_type"),
    sa.column("content", sa.LargeBinary()),
    sa.column("alt"),
    sa.column("source"),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Note what each version shows; of a drawing that has changed since, the bytes are lost."""
    bind = op.get_bind()
    first: dict[str, tuple[str, datetime]] = {}
    for version in bind.execute(sa.select(VERSIONS).order_by(VERSIONS.c.id)).all():
        named = {name: alt for name, alt in named_in(version.body) if name in SHIPPED}
        first = {name: (alt, version.created_at) for name, alt in named.items()} | first
        drawings = {name: SHIPPED[name] for name in named}
        if drawings:
            here = DRAWN.c.id == version.id
            bind.execute(sa.update(DRAWN).where(here).values(drawings=drawings))
    rows = [
        {
            "content_hash": SHIPPED[name],
            "media_type": "image/svg+xml",
            "content": content,
            "alt": alt,
            "source": "Starter bank",
            "created_at": shown_at,
        }
        for name, (alt, shown_at) in sorted(first.items())
        if (content := bytes_of(name))
    ]
    if rows:
        bind.execute(sa.insert(IMAGES), rows)


def named_in(part: Any) -> Iterator[tuple[str, str]]:
    """Yield name and words of each drawing in *part* of a body, however damaged it is."""
    if isinstance(part, list):
        for each in part:
            yield from named_in(each)
    if isinstance(part, dict):
        for each in part.values():
            yield from named_in(each)
        image, alt = part.get("image"), part.get("alt")
        if isinstance(image, str):
            yield image, alt if isinstance(alt, str) else ""


def bytes_of(name: str) -> bytes:
    """Return the drawing as it was; empty: it is not that one any more."""
    file = files("question_bank") / "content" / "exhibits" / name
    content = file.read_bytes() if file.is_file() else b""
    return content if hashlib.sha256(content).hexdigest() == SHIPPED[name] else b""


def downgrade() -> None:
    """Take it back: the older edition shows every drawing as it is shipped."""
    bind = op.get_bind()
    bind.execute(sa.delete(IMAGES))
    bind.execute(sa.update(DRAWN).values(drawings={}))
