"""How long a signature holds."""

import pytest

from question_bank.signatures import Signature, Signed, signature_at

ONE, TWO = frozenset({(1, 1)}), frozenset({(1, 2)})


@pytest.mark.parametrize(
    ("current", "signed", "asked", "found"),
    [
        pytest.param(1, [], {1: ONE}, Signed(Signature.NONE), id="nobody signed"),
        pytest.param(2, [2], {1: ONE, 2: ONE}, Signed(Signature.HOLDS, 2), id="as it stands"),
        pytest.param(3, [2], {2: ONE, 3: ONE}, Signed(Signature.WORDING, 2), id="reworded since"),
        pytest.param(3, [2], {2: ONE, 3: TWO}, Signed(Signature.ENDED, 2, 3), id="key changed"),
        pytest.param(
            4, [2], {2: ONE, 3: TWO, 4: ONE}, Signed(Signature.ENDED, 2, 3), id="no coming back"
        ),
        pytest.param(
            3, [2], {2: ONE, 3: ONE | TWO}, Signed(Signature.ENDED, 2, 3), id="a new item"
        ),
        pytest.param(
            3, [2], {2: ONE | TWO, 3: ONE}, Signed(Signature.WORDING, 2), id="an item less"
        ),
        pytest.param(2, [3], {2: ONE}, Signed(Signature.NONE), id="a later version was signed"),
        pytest.param(
            4, [2, 3], {2: ONE, 3: TWO, 4: TWO}, Signed(Signature.WORDING, 3), id="the newer holds"
        ),
    ],
)
def test_a_signature_holds_as_long_as_what_is_right_stays(current, signed, asked, found) -> None:
    state = signature_at(current, signed, asked)

    assert state == found
    assert state.good is (found.state in (Signature.HOLDS, Signature.WORDING))
