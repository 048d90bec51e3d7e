"""Refusals in a row, of lanes that ask at the same time and one after another."""

from ranvier.delivery.patience import LONGEST_REST, PATIENCE, Patience


def refuse(patience, *, times=1, wait=0.0, now=0.0):
    for _ in range(times):
        patience.taken([1])
        patience.refused(1, wait=wait, now=now)


def test_it_is_gone_after_a_few_refusals_in_a_row():
    patience = Patience()
    refuse(patience, times=PATIENCE - 1)
    assert not patience.is_gone
    refuse(patience)
    assert patience.is_gone


def test_lanes_that_asked_before_a_refusal_were_refused_once():
    patience = Patience()
    patience.taken(range(9))
    for lane in range(9):
        patience.refused(lane, wait=0.0, now=1.0)
    assert not patience.is_gone
    refuse(patience, times=PATIENCE - 1)
    assert patience.is_gone


def test_whatever_was_taken_in_between_gives_it_back():
    patience = Patience()
    refuse(patience, times=PATIENCE - 1)
    patience.rewarded()
    refuse(patience, times=PATIENCE - 1)
    assert not patience.is_gone


def test_it_is_gone_where_the_rest_would_be_long():
    patience = Patience()
    refuse(patience, wait=LONGEST_REST, now=2.0)
    assert not patience.is_gone
    assert patience.rest_until > 2.0 + LONGEST_REST
    refuse(patience, wait=LONGEST_REST + 1)
    assert patience.is_gone


def test_pauses_grow_and_stay_below_the_time_in_which_a_wish_to_stop_is_granted():
    patience, pauses = Patience(), []
    for _ in range(PATIENCE - 1):
        refuse(patience)
        pauses.append(patience.pause)
    assert pauses == sorted(set(pauses))
    assert max(pauses) < 2
