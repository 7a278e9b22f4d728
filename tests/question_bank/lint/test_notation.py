"""Names, doses and acronyms are written so that nobody misreads them."""

import pytest

from tests.question_bank.lint.drafts import broken, case, places, single


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("L21", "She takes .5 mg at night."),
        ("L21", "She takes 5.0 mg at night."),
        ("L21", "She takes insulin 10 U at night."),
        ("L21", "She takes 400 IU of vitamin D."),
        ("L21", "She takes it QD with food."),
        ("L21", "She takes it q.o.d. with food."),
        ("L21", "The pump gives 50 µg a day."),
        ("L21", "The pump gives 50 μg a day."),
        ("L21", "MSO4 is given by vein."),
        ("L21", "MS is given by vein."),
        ("L22", "Lyrica makes her sleepy."),
        ("L22", "She takes Tylenol at night."),
        ("L23", "She complains of pain."),
        ("L23", "He denies fever."),
        ("L23", "The patient claims to walk."),
        ("L23", "An addict needs care."),
        ("L23", "This is drug-seeking behavior."),
        ("L23", "A dirty urine was reported."),
        ("L23", "The urine was clean."),
        ("L23", "She has failed gabapentin."),
        ("L23", "He failed conservative care."),
        ("L23", "She suffers from migraine."),
        ("L23", "A frequent flyer returns."),
        ("L30", "The TENS unit helps."),
        ("L30", "The SNRIs help."),
    ],
)
def test_a_flaw_of_notation_is_found(rule: str, text: str) -> None:
    assert places(case(takeaway=text), rule) == ["takeaway"]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("L21", "She takes 0.5 mg, then 5 mg, and 1,000 mg later."),
        ("L21", "Creatinine is 1.0 mg/dL and potassium 4.0 mmol/L."),
        ("L21", "Alanine aminotransferase is 28 U/L."),
        ("L21", "She gets 10 units at night, 50 mcg by pump."),
        ("L21", "Version 2.0 of the form is used."),
        ("L21", "Multiple sclerosis (MS) is known."),
        ("L22", "The lyrical tone of somatic pain."),
        ("L22", "A soma and an ultram are no words here."),
        ("L23", "The insurer denied the claim."),
        ("L23", "Gabapentin failed, and so did the first block."),
        ("L23", "Addiction is treated; the wound is clean."),
        ("L23", "She says, “I am an addict.”"),
        ("L23", "She failed to find the door."),
        ("L30", "MRI, CT and an ECG were done at 9 AM."),
        ("L30", "The disc at C7-T1 and L4-L5 is thin, type II."),
        ("L30", "A COX-2 inhibitor and CYP2D6 matter, and HLA-B*15:02."),
        ("L30", "Nerve stimulation (TENS) helps; TENS is safe."),
        ("L30", "TENS (transcutaneous nerve stimulation) helps."),
        ("L30", "The QT interval is 480 ms."),
        ("L30", "The STOP-Bang questionnaire is short."),
    ],
)
def test_what_only_resembles_a_flaw_of_notation_is_fair(rule: str, text: str) -> None:
    assert rule not in broken(case(takeaway=text))


def test_l21_an_exhibit_may_report_its_own_precision() -> None:
    def shown(text: str) -> list[dict[str, object]]:
        return [{"key": "log", "title": "Log", "image": "a.svg", "alt": text}]

    assert "L21" not in broken(case(exhibits=shown("Volume at refill: 40.0 mL.")))
    assert "L21" in broken(case(exhibits=shown("Volume at refill: .5 mL.")))


def test_l30_an_acronym_is_written_out_once_and_before() -> None:
    vignette = f"{case().vignette} She uses nerve stimulation (TENS)."
    used = single(lead_in="Which place for TENS is the best?")

    assert "L30" not in broken(case(used, vignette=vignette))
    assert places(case(used, takeaway="Nerve stimulation (TENS) helps."), "L30") == [
        "items[0].lead_in"
    ]
