"""What texts, mails, carts and orders must know so that the shop can teach.

Until now an article named its author by a text of its own; each such name becomes an author.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "20261127"
down_revision = "20261126"

articles = sa.table("articles", sa.column("author", sa.String), sa.column("author_id", sa.Integer))
authors = sa.table(
    "authors",
    sa.column("id", sa.Integer),
    *(
        sa.column(name, sa.String)
        for name in ("handle", "name", "credentials", "about_markdown", "about_html", "renderer")
    ),
)


def words(name: str, length: int) -> sa.Column[str]:
    """Return a column of text that is empty until something is written."""
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def number(name: str, default: int) -> sa.Column[int]:
    """Return a column of a whole number."""
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def flag(name: str) -> sa.Column[bool]:
    """Return a column that is no until something is written."""
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("author_id", sa.Integer()))
        table.add_column(sa.Column("canonical_url", sa.String(500)))
        table.create_index(op.f("ix_articles_author_id"), ["author_id"])
        table.create_foreign_key(
            op.f("fk_articles_author_id_authors"),
            "authors",
            ["author_id"],
            ["id"],
            ondelete="SET NULL",
        )
    _name_authors()
    with op.batch_alter_table("articles") as table:
        table.drop_column("author")
    for name in ("carts", "orders"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("first_content", sa.String(300)))
            table.add_column(sa.Column("last_content", sa.String(300)))
    with op.batch_alter_table("muscles") as table:
        table.add_column(words("latin", 120))
        for name in ("figure", "pain_figure"):
            table.add_column(sa.Column(name, sa.String(120)))
            table.add_column(words(f"{name}_alt", 500))
    with op.batch_alter_table("tutorials") as table:
        table.add_column(number("breath_in_s", 4))
        table.add_column(number("breath_out_s", 6))
    with op.batch_alter_table("tutorial_steps") as table:
        table.add_column(number("rest_s", 0))
        table.add_column(words("cue", 200))
        table.add_column(flag("is_per_side"))
        table.add_column(flag("is_optional"))
    _alter_mails()


def _name_authors() -> None:
    connection = op.get_bind()
    names = connection.scalars(sa.select(articles.c.author).distinct()).all()
    for place, name in enumerate(sorted(name for name in names if name), start=1):
        handle = f"{re.sub(r'[^a-z0-9]+', '-', name.lower())[:100].strip('-')}-{place}".strip("-")
        empty = dict.fromkeys(("credentials", "about_markdown", "about_html", "renderer"), "")
        op.execute(authors.insert().values(id=place, handle=handle, name=name, **empty))
        named = articles.update().where(articles.c.author == name)
        op.execute(named.values(author_id=place))
    if connection.dialect.name == "postgresql" and names:
        op.execute("SELECT setval(pg_get_serial_sequence('authors', 'id'), max(id)) FROM authors")


def _alter_mails() -> None:
    with op.batch_alter_table("mails") as table:
        table.add_column(sa.Column("headers", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True)))
        table.add_column(words("bounce", 300))
        for name, there in (
            ("subscriber_id", "subscribers"),
            ("sequence_mail_id", "sequence_mails"),
        ):
            table.add_column(sa.Column(name, sa.Integer()))
            table.create_index(op.f(f"ix_mails_{name}"), [name])
            table.create_foreign_key(
                op.f(f"fk_mails_{name}_{there}"), there, [name], ["id"], ondelete="SET NULL"
            )


def downgrade() -> None:
    """Undo; what only the new columns could say is lost."""
    with op.batch_alter_table("mails") as table:
        for name, there in (
            ("subscriber_id", "subscribers"),
            ("sequence_mail_id", "sequence_mails"),
        ):
            table.drop_constraint(op.f(f"fk_mails_{name}_{there}"), type_="foreignkey")
            table.drop_index(op.f(f"ix_mails_{name}"))
            table.drop_column(name)
        for name in ("bounce", "bounced_at", "headers"):
            table.drop_column(name)
    for name, added in (
        ("tutorial_steps", ("is_optional", "is_per_side", "cue", "rest_s")),
        ("tutorials", ("breath_out_s", "breath_in_s")),
        ("muscles", ("pain_figure_alt", "pain_figure", "figure_alt", "figure", "latin")),
        ("orders", ("last_content", "first_content")),
        ("carts", ("last_content", "first_content")),
    ):
        with op.batch_alter_table(name) as table:
            for column in added:
                table.drop_column(column)
    _restore_author()


def _restore_author() -> None:
    with op.batch_alter_table("articles") as table:
        table.add_column(words("author", 120))
    named = sa.select(authors.c.name).where(authors.c.id == articles.c.author_id).scalar_subquery()
    op.execute(articles.update().values(author=sa.func.coalesce(named, "")))
    with op.batch_alter_table("articles") as table:
        table.drop_constraint(op.f("fk_articles_author_id_authors"), type_="foreignkey")
        table.drop_index(op.f("ix_articles_author_id"))
        table.drop_column("canonical_url")
        table.drop_column("author_id")
