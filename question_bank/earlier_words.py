"""How the starter bank said before what it says today in other words."""

EARLIER_WORDS: dict[str, dict[str, str]] = {
    "a-place-at-the-table": {
        "Opioid withdrawal": "long-term-opioid-stopped-abruptly",
    },
    "an-itch-without-a-rash": {
        "Death from withdrawal": "intrathecal-baclofen-not-restored",
        "Overdose if delivery returns": "pump-dose-raised-to-make-up-for-a-fault",
        "A still faster pulse and higher pressure": "epinephrine-without-anaphylaxis",
    },
    "feeding-lying-down": {
        "Opioid toxicity in the breastfed infant": "codeine-or-tramadol-while-breastfeeding",
        "Epidural hematoma": "epidural-needle-too-soon-after-enoxaparin",
        "Missed bleeding or thrombosis": "neurologic-signs-after-dural-puncture-not-imaged",
    },
    "off-the-ladder": {
        "Tissue burn at the leads": "diathermy-with-a-spinal-cord-stimulator",
        "Lasting paraplegia": "cord-compression-after-implant-left-to-wait",
    },
    "ready-for-the-implant": {
        "Deep infection and loss of the device": "implant-before-infection-risks-are-treated",
    },
    "under-the-collarbone": {
        "Inappropriate shock or pacing failure": "radiofrequency-regardless-of-a-cardiac-device",
        "Nerve root injury without warning": "deep-sedation-for-medial-branch-work",
        "Untreated arrhythmia": "defibrillator-off-without-monitoring",
    },
    "a-calendar-on-the-fridge": {
        "Malformation if she becomes pregnant": "topiramate-when-pregnancy-is-possible",
    },
    "a-dose-that-climbs": {
        "Respiratory depression": "opioid-and-benzodiazepine",
        "Loss of care in a crisis": "discharge-for-aberrant-behavior",
        "Suicide before he is seen": "suicide-question-left-unassessed",
        "Overdose or suicide": "long-term-opioid-tapered-too-fast",
    },
    "a-plan-three-years-old": {
        "Sedation from stored metabolites": "codeine-in-kidney-failure",
        "Seizures from normeperidine": "meperidine-in-kidney-failure",
        "Sedation, myoclonus and seizures": "morphine-in-kidney-failure",
    },
    "a-tracing-before-methadone": {
        "Ventricular arrhythmia": "methadone-with-a-long-qt-uncorrected",
        "Ventricular arrhythmia before correction": "methadone-with-a-long-qt-uncorrected",
    },
    "every-bottle-in-the-bag": {
        "Untreated urinary infection": "infection-left-without-its-antibiotic",
        "Severe fall in blood pressure": "tizanidine-with-ciprofloxacin",
        "Fainting and falls": "cyclobenzaprine-in-an-older-adult-who-faints",
        "Bleeding from an ulcer": "ketorolac-with-an-ulcer-in-an-older-adult",
    },
    "nothing-stays-down": {
        "Overdose while fever lasts": "fentanyl-patch-in-fever",
        "Worse colic and perforation": "prokinetic-in-complete-bowel-obstruction",
        "Perforation of the bowel": "peripheral-opioid-antagonist-in-bowel-obstruction",
    },
    "numb-feet-on-the-pedals": {
        "Worse heart block and syncope": "tricyclic-in-heart-block",
    },
    "the-night-after-a-cesarean": {
        "Withdrawal and return to use": "buprenorphine-stopped-around-surgery",
    },
    "a-coach-and-a-stimulator": {
        "Sedation from a dose over the labeled maximum": "gabapentin-over-the-labeled-maximum",
        "Withdrawal after an abrupt stop": "gabapentinoid-stopped-abruptly",
        "Surgery without evidence that he responds": "permanent-stimulator-without-a-trial",
    },
    "eighteen-weeks-along": {
        "Relapse and overdose after withdrawal": "opioid-use-disorder-in-pregnancy-withdrawn",
        "Relapse and overdose late in pregnancy": "opioid-use-disorder-in-pregnancy-withdrawn",
        "Early closure of the fetal ductus arteriosus": "nsaid-from-30-weeks-of-pregnancy",
        "Opioid toxicity in the breastfed baby": "codeine-or-tramadol-while-breastfeeding",
    },
    "nights-after-the-convoy": {
        "Respiratory depression from an opioid with a benzodiazepine": "opioid-and-benzodiazepine",
        "Withdrawal from too fast a taper": "benzodiazepine-tapered-too-fast",
        "Withdrawal after an abrupt stop": "benzodiazepine-stopped-abruptly",
        "Abrupt end of a benzodiazepine after 6 years": "benzodiazepine-stopped-abruptly",
    },
    "the-nine-oclock-bus": {
        "Respiratory depression with an opioid and sleep apnea": "z-drug-with-an-opioid",
    },
    "a-borrowed-stimulator": {
        "Fetal kidney injury and low amniotic fluid": "nsaid-from-20-weeks-of-pregnancy",
        "Fetal exposure to a teratogen": "topiramate-in-pregnancy",
    },
    "a-carpet-layer-at-night": {
        "Delayed decompression": "cauda-equina-syndrome-left-to-wait",
    },
    "a-tuning-key-that-slips": {
        "Spinal cord injury": "neck-treated-before-cord-signs-are-imaged",
    },
    "jaw-and-heel": {
        "Irreversible loss of tooth substance": "teeth-ground-or-crowned-for-jaw-pain",
        "Irreversible change of the joint": "open-surgery-for-jaw-pain",
    },
    "the-goalkeepers-foot": {
        "Lasting stiffness and disability from immobilization": "limb-with-crps-immobilized",
    },
}
"""How a choice harms, before acts had a list: by the slug of the case and its words, the id of the
act in `content/harms.yaml`."""

SAME_LEAD_INS: dict[str, dict[str, tuple[str, ...]]] = {
    "feeding-lying-down": {
        "two-causes": (
            "Which two complications linked to her dural puncture must brain imaging "
            "look for first?",
            "Which two complications of her dural puncture must brain imaging look for first?",
        ),
    },
    "a-tracing-before-methadone": {
        "additions": (
            "Which effect is most to be expected when each drug is added to her steady methadone?",
            "What is most likely to happen when each drug is added to her steady methadone?",
        ),
    },
    "a-calendar-on-the-fridge": {
        "cautions": (
            "Her father has found a list of treatments; which caution belongs to which treatment?",
            "Her father has found a list of treatments; which caution goes with each of them?",
            "She has read about five treatments; which caution goes with each of them?",
        ),
    },
    "a-carpet-layer-at-night": {
        "at-once": (
            "Which one test and which one consultation are arranged at once?",
            "Which one test and which one consultation does he need at once?",
        ),
    },
    "a-dose-that-climbs": {
        "today": (
            "Which steps are taken today?",
            "Which steps does he need today?",
        ),
        "proposal": (
            "How is the next part of the taper proposed to him?",
            "How do you propose the next part of the taper to him?",
        ),
    },
    "a-hand-after-the-cast": {
        "imagery-start": (
            "If graded motor imagery is used, which kind of task does he train in "
            "the opening weeks?",
            "If graded motor imagery is used, which kind of task does he practice "
            "in the first weeks?",
        ),
    },
    "a-plan-three-years-old": {
        "strike-out": (
            "Which two entries of the old plan are struck out tonight?",
            "Which two entries of the old plan should be struck out tonight?",
        ),
        "order-of-care": (
            "In which order do these steps of his care tonight follow each other?",
            "In which order do these steps of his care come tonight?",
        ),
    },
    "a-report-on-the-phone": {
        "explain-the-report": (
            "How is the MRI report explained to him in plain words?",
            "How do you explain the MRI report to him in plain words?",
        ),
    },
    "a-visit-in-two-languages": {
        "who-translates": (
            "Consent comes next. Who should carry the words between the languages?",
            "Consent comes next. Who should put it into Spanish for her?",
        ),
    },
    "eighteen-weeks-along": {
        "birth-plan": (
            "Which three points belong in what she is told about the birth?",
            "Which three things should she be told about the birth?",
        ),
        "treatment-drugs": (
            "Which two drugs are offered for the treatment of her opioid use "
            "disorder in this pregnancy?",
            "Which two drugs should she be offered for opioid use disorder in this pregnancy?",
        ),
    },
    "every-bottle-in-the-bag": {
        "changes-today": (
            "Which changes to the contents of the bag are made today?",
            "Which changes to his medicines should be made today?",
        ),
        "tablets-to-go-on-with": (
            "Once the night capsules are gone, how many acetaminophen tablets a day, of 650 mg "
            "each, suit him?",
            "Once the night capsules are gone, how many acetaminophen tablets of 650 mg a day "
            "suit him at most?",
        ),
    },
    "nothing-stays-down": {
        "obstruction-drugs": (
            "Which drugs or kinds of drug are added for the obstruction?",
            "Which drugs or kinds of drug should be added for the obstruction?",
        ),
    },
    "seven-weeks-without-school": {
        "habits": (
            "Which new habit takes the place of which present one?",
            "Which new habit should replace each of the present ones?",
        ),
        "words-for-parents": (
            "How are his pain and the plan explained to his parents, without blame?",
            "How do you explain his pain and the plan to his parents, without blame?",
        ),
    },
    "signs-after-the-needle": {
        "in-plain-words": (
            "How is the block explained to her, in plain and truthful words, before she consents?",
            "How do you explain the block to her, in plain and truthful words, "
            "before she consents?",
        ),
    },
    "the-low-shelf": {
        "explain-and-propose": (
            "How is his question answered in plain words, and which opening "
            "experiment is proposed?",
            "How do you answer him in plain words, and which first experiment do you propose?",
        ),
    },
    "the-night-after-a-cesarean": {
        "explain": (
            "How is she answered, in plain words that she can repeat to her relative?",
            "What do you tell her, in plain words that she can repeat to her relative?",
        ),
        "cancel": (
            "Which two of these orders are cancelled before the night begins?",
            "Which two of these orders need to be canceled before the night begins?",
        ),
    },
    "when-the-pain-is-gone": {
        "explain-the-aim": (
            "How is the aim of this course explained to him in plain words?",
            "How do you explain the aim of this course to him in plain words?",
        ),
    },
}
"""Lead-ins that ask the same, the newest last, by the slug of the case and the key of the item."""
