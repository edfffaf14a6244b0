package engine

import (
	"time"

	"github.com/guicheng/guicheng/store"
)

// All limits of the shell, and why they are what they are.
const (
	// maxQueue: acts of people that wait to be stepped. At 5,000 steps a second this is a fifth of a second of work;
	// who comes later is better told to come again than made to wait.
	maxQueue = 1_024
	// maxOwnQueue: timers and letters that wait. They wait in the store anyway.
	maxOwnQueue = 256
	// maxParked: inputs that wait for another input of the same case to be committed. When it is reached nothing is
	// taken from the queues, so that one hot case cannot take all memory.
	maxParked = 1_024
	// maxBatch: changes in one commit. Larger ones gain nothing on either store and make the first of them wait.
	maxBatch = 128
	// maxOwnBatch: of these, timers and letters while people wait, so that a flood of due timers never fills a batch.
	maxOwnBatch = 64
	// maxTries: steppings of one input whose change came out stale. Each loss means that somebody else won.
	maxTries = 16
	// askTries and askWait: how often, and how far apart at first, a commit of unknown outcome is asked about.
	askTries = 5
	askWait  = 50 * time.Millisecond

	// maxCases: decoded cases kept in memory, some 10 KiB each.
	maxCases = 8_192
	// maxDesks: offices whose people and versions are kept in memory.
	maxDesks = 1_024
	// maxSessions: signed-in people remembered for the next request.
	maxSessions = 8_192
	// maxBundles: compiled bundles kept. An office has one in force and some that old cases are bound to.
	maxBundles = 256
	// maxVersions: procedures with their version number; they share the bundle's memory.
	maxVersions = 4_096
	// maxSeries: cached counters of one office; series contain dates, so old ones must go.
	maxSeries = 1_024
	// deskAge: how long an office's people and versions are believed, for changes made by another node.
	deskAge = 5 * time.Second

	// maxTimers and maxLetters: read from the store at once.
	maxTimers  = 256
	maxLetters = 256
	// restTimer and restLetters: the longest sleep of the clock and of the post. Another node may have died before it did
	// what it was given, or before it could tell what it had written.
	restTimer   = store.LeaseTime
	restLetters = store.LeaseTime
	// maxDue: schedules that are taken at once. lateStart: how late a start by the calendar is one that was missed.
	// maxCatchUp: missed times that are begun in one go; the others follow.
	maxDue     = 16
	lateStart  = 5 * time.Minute
	maxCatchUp = 100
	// maxRegister and maxCollect: cases that are looked at for a page of a register, and for a step that collects.
	maxRegister = 20_000
	maxCollect  = 100_000
	// upkeepFirst and upkeepEvery: when the store is let tidy up. Old rows do no harm for an hour.
	upkeepFirst = time.Minute
	upkeepEvery = time.Hour
	// restJobs: the longest that somebody who waits for a job believes that there is none; another node may have put one.
	restJobs = 5 * time.Second
	// maxSends: requests to other systems that are under way at once.
	maxSends = 16
	// sendLock: how long a request is its sender's, who extends it each holdEvery while it is under way.
	sendLock  = store.LeaseTime
	holdEvery = sendLock / 4
	// maxFetch: jobs that a worker gets at once. maxWait: how long he waits for one.
	maxFetch = 50
	maxWait  = 30 * time.Second
	// defaultLock, minLock, maxLock: how long a job is a worker's who does not extend it.
	defaultLock = time.Minute
	minLock     = time.Second
	maxLock     = 24 * time.Hour
	// maxReason: bytes of what a worker says about a failure.
	maxReason = 2_000

	// aside: how long a timer or letter that cannot be taken (its case is frozen) is left alone.
	aside = 5 * time.Minute
	// maxAside: how many are remembered as left alone; then the oldest are tried again earlier.
	maxAside = 4_096
	// againFirst and againLast: back-off of a loop that failed.
	againFirst = 100 * time.Millisecond
	againLast  = 10 * time.Second

	// maxPage, defaultPage: entries of one page of a list.
	maxPage     = 200
	defaultPage = 50
	// maxCount: open tasks are counted up to this for the inbox's badges.
	maxCount = 1_000
	// maxScan: events of a history that are looked through for somebody's deeds.
	maxScan = 2_000
	// maxFate: events that are looked through for what became of a task that was refused.
	maxFate = 10_000
	// maxDraft: bytes of a draft.
	maxDraft = 1 << 20
	// maxFile: bytes of an uploaded file: a photograph, or a scanned paper of some pages.
	maxFile = 10 << 20
	// maxFiles: files that the values of one act may name; each is looked up in the store.
	maxFiles = 200
	// maxOptions: people offered in a choice of persons; beyond that one types an id.
	maxOptions = 500
	// maxFound: cases that are looked at for each searchable field in which something is looked for, the youngest first.
	maxFound = 50
	// watchBuffer: what one who watches may be told before he listens. He is told of more at once: read again.
	watchBuffer = 64
	// maxHandOver: cases in which one person's tasks are handed over at once.
	maxHandOver = 10_000
	// maxNamed: tasks that are named as standing in the way of a hand-over.
	maxNamed = 20
	// maxPile: tasks of a step that are looked at for the next one.
	maxPile = 20
	// maxLooks: readings of the store for one page of an inbox from which some tasks are left out.
	maxLooks = 20
	// maxComment: characters of a word on a case.
	maxComment = 2_000
	// maxRecipients: of one copy of a case.
	maxRecipients = 100
	// maxSubstitutes: of one person, in force or to come. Nobody plans more absences.
	maxSubstitutes = 50
	// keepSubstitutes: how long one whose time is over is still listed.
	keepSubstitutes = 90 * 24 * time.Hour
	// maxName: characters of a key, a message's id, a reason.
	maxName = 200
	// maxDeploy: bytes of the files of one deployment, before they are read at all.
	maxDeploy = 16 << 20
	// maxSubscribers: cases that are tried for one message.
	maxSubscribers = 1_000
)
