from ranvier.rendering.chunks import Chunk, Slot, SlotName
from ranvier.rendering.marks import marks_for

MARKS = marks_for("an issue")


def test_a_part_is_cut_at_borders_and_slots():
    rendered = (
        f"Dear all\n{MARKS.only(5)}\nHeading\n<!--{MARKS.only(4)}-->\nItem "
        f'<a href="{MARKS.slot("unsubscribe-url")}">leave</a>{MARKS.only(0)}end'
    )
    assert MARKS.cut(rendered) == (
        Chunk("Dear all\n"),
        Chunk("Heading\n", 5),
        Chunk('Item <a href="', 4),
        Slot(SlotName.UNSUBSCRIBE_URL),
        Chunk('">leave</a>', 4),
        Chunk("end"),
    )


def test_the_same_inputs_give_the_same_marks_and_others_do_not():
    assert marks_for("an issue") == MARKS
    assert marks_for("another issue") != MARKS


def test_a_mark_of_another_issue_is_text():
    text = f"a{marks_for('other').only(1)}b"
    assert MARKS.cut(text) == (Chunk(text),)
