"""The domain: cases, items, credit and scores. Values in, values out; `content` is data.

The glossary. One word, one thing; one thing, one word: in code, pages, mails and tests.

People and program
    user: a person with an account. What the person does in the program are user roles:
        director, faculty, fellow, mentor; one person can hold several.
    actor: who does what the audit trail notes; None is the service itself.
    session: a browser in which a person is signed in.
    throttle: how often passwords or mails were tried of late, of an account and from a network.
    known device: a browser in which a person has been; what others try does not slow it down.
    reset request: that a mail with which to choose a password was asked for; workers answer it.
    account link: a mailed secret address with which a person chooses a password, once.
    invitation: the account link that lets a new person in.
    program: the fellowship that runs an installation.
    setting: what the program has set for everybody, by a name; without it a default holds.
    discipline: what a person was trained in before pain medicine. A clinician treats patients, as a
        director has said.
    quiet hours: the part of a day in which mails that can be stopped wait.
    track: a kind of fellowship with weights of its own in the blueprint (interventional, family
        medicine).
    cohort: the fellows of one track who train in the same year.
    membership: that a fellow is in a cohort, from a day on and maybe to a day.
    mentorship: that a mentor looks after a fellow, from a day on and maybe to a day.
    deputy: who stands in for a mentor who is away, for some days; a mentorship that says for whom.
    accommodation: that a person has more time, on some days; for the person and directors to know.
    leave: that a person is away, from a day to a day.
    roster: a table of people, read, planned and carried out as one import.

The bank
    bank: all cases, as those who write and assign see them.
    blueprint: what is to be tested, and how much of it: approaches, topics, dimensions.
    approach: one of four ways to treat pain: pharmacological, interventional, rehabilitative,
        psychological.
    topic: what a case is about; it belongs to one approach.
    cognitive level: recall, application or judgment.
    case: a patient's situation with the items asked about it; told apart by its slug.
    version: what a case or a quiz said at a time; never changed. Of a case: case version.
    edition: an item as long as it asks the same, with the same options and the same key; a number
        from 1 that item editions give it, version by version.
    approval: that somebody answers for a version: an editorial one publishes it, a clinical one
        is a clinician's signature. The installation itself publishes the starter bank.
    proposal: a version that no act has published. A revision is one of a case in use, or its draft.
    body: all that a draft holds, as it was typed. A path leads to each of its leaves; a row of a
        list has a handle, which it keeps wherever it is moved.
    draft: a case as it is being written, complete or not; what one save changed of it is a draft
        event, and a draft visit says who has it open, and where. A waiting text is what a person
        wrote where another had written meanwhile, until one of the two is chosen.
    trial: that a case, a draft or a quiz is answered to try it out; nothing of it is stored.
    review: that a person was asked to judge a version, answers it before the key is shown, and
        returns or advances it. A review comment is pinned to quoted words.
    withheld: an item that is kept out of draws and scores until that is lifted.
    owner: who looks after a case, and hears of what is due; of what has none, directors hear.
    search entry: what a search knows of a version in use, a proposal or an open draft: its words,
        the places where these stand, and its tags. Its cases are hits, facets narrow them, and an
        excerpt is the place where the words of a hit were found. A search sketch is one of the
        numbers by which cases are found that tell nearly the same.
    image: a picture, known by its bytes; a drawing of the starter bank is one.
    stage: what is known at a time, and what is asked then; a case with several unfolds.
    exhibit: a table or a drawing that belongs to a stage.
    item: one question of a case. Its type says what an answer is and what it earns.
    stem: a person in an extended-matching item, to whom the options are applied.
    lead-in: the question itself.
    option: one of the answers offered; the right one is the key, the others are distractors.
    rationale: why an option is right or wrong for this patient.
    harm: that choosing an option would hurt the patient; told apart from the score.
    act: what harms, as the bank's one list has it, with why; every option that is one names it.
    tell: words by which an option is recognized as an act, and the story of a patient it hurts.
    sibling: a case that asks for the same decision as another, in a new story.
    rubric: how people mark an essay: criteria, each with levels. A criterion's name is told while
        writing, its text to those who mark.
    fact: a clinical statement with its sources, solid or to be checked, that a key rests on.
    finding: what a rule of item writing has against a case; E, W or I is its severity.
    advice: what is said of a draft while it is written: findings, and what it still lacks.
    waiver: a finding that a case keeps, with the reason.
    coverage: what the bank has of the blueprint, and where it falls short.
    panel: experts without an account who key script-concordance items; one is a panelist, asked
        by a panel link, and what is chosen is a panel answer.

Quizzes
    quiz: items under a title; its items in order are a quiz version, each a quiz item.
    form: the items that a draw by the blueprint gives (in code; a web form is named so).
    history: what a cohort was given, item by item; a draw goes by it.
    balance: how a quiz, with the history of its cohort, stands to the weights of the blueprint.
    assignment: a quiz version given to an audience.
    audience: whom an assignment concerns: the fellows of a cohort, or one fellow; each once.
    calendar link: the secret address at which a fellow's calendar program reads what is due.
    extension: what one fellow is granted with one assignment: minutes, other dates, attempts.
    terms: what holds for one fellow with one assignment: opens, due, closes, limit, attempts,
        feedback; published terms are those that the assignment has for all.
    grant, allowance, pause: an extension, an accommodation, a freeze, as the terms count them.
    formative: given to learn from; in no score and no report.
    attempt: a fellow's taking of an assignment, begun once and handed in once.
    sitting: a stretch in which an attempt could be answered; a second one is a reopening.
    freeze: that an attempt's clock stood; what was left of its time is given back.
    paper: what an attempt asks, in order.
    sheet: one case of a running attempt, as far as it has unfolded, as the fellow answers it.
    response: a fellow's answer to one item in an attempt, with what is kept of it.
    alias: what stands in addresses for the number of a response, which would tell who began first.
    answer: what was chosen or written, in authored indices; its type is the item's.
    controls: an answer as the page holds it, by the names of its inputs.
    packet: one save as it arrived: which page sent it, as which of its saves; kept as a response
        event.
    late answer: one that arrived after its attempt had closed; kept, and not counted.
    refused answer: what a page sent and could not be taken; kept as it was typed.
    exposure: that a fellow was asked an edition of an item, and in which attempt its key opens.
    key opening: from when on the terms let the fellow of an attempt read the keys it asked for.
    first answer: the earliest that a fellow handed in to an edition whose key was not readable;
        what is answered later is a repeat, or says what has stayed (retention).
    twins: two cases that ask for the same decision in two patients; a first answer that comes after
        one to the twin is a first answer still, and says what has carried over (transfer).
    not reached: of an item after the last answered one when the clock closed the attempt; of every
        item of an abandoned one.
    abandoned: an attempt whose time ended before it was handed in, where the quiz lets nothing of
        it count then; its grace are the minutes in which it could still be.
    confidence: how sure a fellow was; never part of the score.
    outcome: how an item of one assignment went: its first answers that were handed in, counted.
    standing: where a fellow stands with an assignment: due, in progress, overdue, missed,
        abandoned, done.
    whereabouts: where a fellow is with it at this moment, for directors; faculty see what is in.

Grades and reports
    credit: what one response earns, 0 to 1, exact.
    points: how much an item weighs in a score; its case says it, or the quiz that asks it.
    score: what an attempt earned, in basis points of what could be earned.
    to grade: what machines do; to mark: what people do with a rubric. One judgment is a marking.
    grade: what a response was judged to earn, or that it waits or is left out; appended, never
        changed. Of the grades of a response one counts: the newest.
    news: the first grade of a response that has a credit; a later one is a correction.
    left out: an item that could not be graded in its version; the score goes without it.
    restored: of a grade, that its item was withheld and counts again.
    set aside: of an attempt whose grading crashed too often, so that people look at it.
    flag: a fellow's sign at an item to come back to it.
    feedback: what is said of an answer afterwards; released when the quiz's policy says.
    result: what a fellow sees of a graded attempt.
    own words: two lines of a fellow on the own week, said on a result, for the mentors.
    unsafe choice: a first answer that would have hurt the patient. An acknowledgement is that its
        fellow has read why, or that a mentor has talked about it.
    tally: x of n: a sum of credits, and how many items it is of.
    figure: a number in words: the count before the share, and no share below ten items.
    interval: the Wilson 95 % interval of a share.
    graded fact: the credit of one first answer, as progress counts it.
    progress: what the first answers of a fellow say, with their uncertainty.
    talking point: a topic in which items were missed lately, with what its case teaches.
    goal: what a fellow and a mentor agreed to reach by a day; its measure is so many right of the
        latest items of an approach or a topic, by first answers. A wish is what is proposed as one.
    short quiz: items of one approach for one fellow, as few as could settle what there is too
        little to say of. A quiz wish is that a mentor wants one; directors approve it, or mentors
        decide by themselves.
    report: the page on one fellow; the summary is its short form. A look is that somebody else
        opened it; its fellow sees who and when.
    digest: the weekly mail to a mentor.
    rhythm: how often, when and how full a mentor gets it. A quiet week is one that it leaves out
        and in which nobody needed a word.
    prompt: that a digest asked its mentor for a word with a fellow; answered once, from the mail
        or by what the mentor did.
    loop: from what weekly mails ask to what came of it; its measures are for directors.
    printout: a PDF of a fellow's report, of the own progress, or of a preparation; kept for a day,
        for who asked for it.
    preparation: what is known before a talk, with open questions for each of its phases.
    meeting: that a mentor and a fellow talked on a day: the notes, and what was agreed.
    line: the share of first answers that the program wants; with its thresholds, a policy.
    verdict: what there is to say of a fellow: talk, fine, or too little to say; with its reasons.
    chance: of a true share below the line, given what was seen.
    window: the first answers that shares and verdict count: of eight weeks, or the last 40.

The house
    message: one mail to one person, complete but for its secrets when it was written.
    secret: what lets in who knows it. Nothing stored holds that of a link: our key signs it anew.
    place: where in a message a secret will stand once it leaves; until then a mark stands there.
    letter: what a message is written from.
    notice: that a person was told something, once for each fact, and whether it was seen.
    telling: what one mail and its notice say of what happened, to one person.
    mail preference: whether a person wants mails of a kind; saying no is to unsubscribe.
    audit event: who did what to what, in the same transaction as the deed.
    task: work that workers do; it is rung for after the commit. Each time it is done is a run.
    job: work with progress and a report of what was taken and what was left, done step by step.
    sweep: a task that finds what a lost ring left behind; when each was last done is kept.
    backlog: what waits for the workers, of a kind, and since when the oldest of it does.
    refusal: a request that cannot be met, with a sentence for the person.
    sight: what a page showed of what its form would act on; the form acts on that or on nothing.
    room: a folder of `lms/`, one subject with its models, queries, services and pages.
"""
