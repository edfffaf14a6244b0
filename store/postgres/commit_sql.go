package postgres

// The statements of a wave. $n are columns: each is one array, with an element for each row. ord is the number of a
// row's change in the wave; what a refused change would write is left out by its place in guicheng.applied, which the
// judgement sets.

const sqlApplied = `((SELECT current_setting('guicheng.applied')::boolean[]))[r.ord]`

// What changes are judged by is locked first, for the whole batch, the kinds in one order and each in the order of its
// keys, so that no two nodes wait for each other; each statement sees what was committed before it began.
const (
	sqlLockCases = `SELECT FROM cases t JOIN unnest($1::text[], $2::text[]) r(office, id)
	ON t.office = r.office AND t.id = r.id ORDER BY t.office, t.id FOR NO KEY UPDATE OF t`
	// sqlBeginCounters puts series that nobody has drawn from, so that there is something to lock. Whoever begins one
	// beside another waits here, with nothing in hand that the other could want.
	sqlBeginCounters = `INSERT INTO counters (office, series, n) SELECT DISTINCT u.office, u.id, 0
	FROM unnest($1::text[], $2::text[]) u(office, id) ORDER BY 1, 2 ON CONFLICT DO NOTHING`
	sqlLockCounters = `SELECT FROM counters t JOIN (
	SELECT DISTINCT office, id FROM unnest($1::text[], $2::text[]) u(office, id)) r
	ON t.office = r.office AND t.series = r.id ORDER BY t.office, t.series FOR NO KEY UPDATE OF t`
	sqlLockFiles = `SELECT FROM files t JOIN (
	SELECT DISTINCT office, id FROM unnest($1::text[], $2::text[]) u(office, id)) r
	ON t.office = r.office AND t.id = r.id ORDER BY t.office, t.id FOR NO KEY UPDATE OF t`
	sqlLockLetters = `SELECT FROM letters t JOIN unnest($1::text[], $2::text[]) r(office, id)
	ON t.office = r.office AND t.id = r.id ORDER BY t.office, t.id FOR UPDATE OF t`
	sqlLockTimers = `SELECT FROM timers t JOIN unnest($1::text[], $2::text[]) r(office, id)
	ON t.office = r.office AND t.id = r.id ORDER BY t.office, t.id FOR UPDATE OF t`
	sqlLockJobs = `SELECT FROM jobs t JOIN unnest($1::text[], $2::text[]) r(office, id)
	ON t.office = r.office AND t.id = r.id ORDER BY t.office, t.id FOR UPDATE OF t`
	sqlLockKept = `SELECT FROM kept_messages t JOIN unnest($1::text[], $2::text[]) r(office, id)
	ON t.office = r.office AND t.id = r.id ORDER BY t.office, t.id FOR UPDATE OF t`
)

// The judgement judges each change, in the contract's order of reasons: 3 repeated, 4 gone, 2 stale,
// 1 applied. What it cannot see, because another transaction writes it at this moment, runs into a unique key later,
// and all is judged again. A subquery in brackets is asked for a row alone; EXISTS could be asked for all rows at once,
// by reading the whole table.
const (
	sqlIsAnswered = `r.keyed AND (SELECT true FROM answers a WHERE a.office = r.office AND a.key = r.key)`
	sqlIsStale    = `r.id <> '' AND coalesce(c.revision, 0) <> r.revision`
	sqlIsTaken    = `r.number <> '' AND r.number IS DISTINCT FROM c.number AND (SELECT true FROM cases n
			WHERE n.office = r.office AND n.number = r.number AND n.number <> '' AND n.id <> r.id)`
	sqlJudged = `SELECT array_agg(result::smallint ORDER BY ord),
	set_config('guicheng.applied', array_agg(result = 1 ORDER BY ord)::text, true) FROM judged`

	// sqlJudgePlain is for waves that have nothing but keys: a person's act on a case.
	sqlJudgePlain = `WITH r AS MATERIALIZED (
	SELECT ord, office, id, revision, key, keyed, number
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::boolean[], $7::text[])
		AS r(ord, office, id, revision, key, keyed, number)
), judged AS MATERIALIZED (
	SELECT r.ord, CASE
		WHEN ` + sqlIsAnswered + ` THEN 3
		WHEN ` + sqlIsStale + ` THEN 2
		WHEN ` + sqlIsTaken + ` THEN 2
		ELSE 1 END AS result
	FROM r LEFT JOIN cases c ON c.office = r.office AND c.id = r.id
)
` + sqlJudged

	sqlJudge = `WITH r AS MATERIALIZED (
	SELECT ord, office, id, revision, key, keyed, number, message, letter, timer, kept, chain, job, fence
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::boolean[], $7::text[],
		$8::text[], $9::text[], $10::text[], $11::text[], $12::int[], $21::text[], $22::bigint[])
		AS r(ord, office, id, revision, key, keyed, number, message, letter, timer, kept, chain, job, fence)
), wrong AS MATERIALIZED (
	SELECT d.ord FROM unnest($13::int[], $14::text[], $15::text[], $16::bigint[]) AS d(ord, office, series, before)
	WHERE coalesce((SELECT k.n FROM counters k WHERE k.office = d.office AND k.series = d.series), 0) <> d.before
	UNION ALL
	SELECT u.ord FROM unnest($17::int[], $18::text[], $19::text[], $20::text[]) AS u(ord, office, id, case_id)
	WHERE (SELECT true FROM files f WHERE f.office = u.office AND f.id = u.id AND (f.case_id = u.case_id
		OR (SELECT true FROM file_shares s WHERE s.office = u.office AND s.id = u.id AND s.case_id = u.case_id)
		OR f.case_id = '' AND (SELECT true FROM file_shares s WHERE s.office = u.office AND s.id = u.id LIMIT 1) IS NULL))
		IS NULL
), own AS MATERIALIZED (
	SELECT r.ord, r.chain, CASE
		WHEN ` + sqlIsAnswered + ` THEN 3
		WHEN r.message <> '' AND (SELECT true FROM messages m WHERE m.office = r.office AND m.id = r.message) THEN 3
		WHEN r.letter <> '' AND (SELECT true FROM letters l WHERE l.office = r.office AND l.id = r.letter) IS NULL
			THEN 4
		WHEN r.timer <> '' AND (SELECT true FROM timers t WHERE t.office = r.office AND t.id = r.timer) IS NULL THEN 4
		WHEN r.kept <> '' AND (SELECT true FROM kept_messages k WHERE k.office = r.office AND k.id = r.kept) IS NULL
			THEN 4
		WHEN r.job <> '' AND (SELECT true FROM jobs j WHERE j.office = r.office AND j.id = r.job AND j.fence = r.fence)
			IS NULL THEN 4
		WHEN ` + sqlIsStale + ` THEN 2
		WHEN r.ord IN (SELECT ord FROM wrong) THEN 2
		WHEN ` + sqlIsTaken + ` THEN 2
		ELSE 1 END AS result
	FROM r LEFT JOIN cases c ON c.office = r.office AND c.id = r.id
), judged AS (
	SELECT ord, CASE WHEN result = 1 AND chain > 0 AND bool_or(result <> 1) OVER (PARTITION BY chain ORDER BY ord)
		THEN 2 ELSE result END AS result FROM own
)
` + sqlJudged
)

const (
	sqlNewCases = `INSERT INTO cases (office, id, revision, version, started, ended, last_event, first_at, last_at,
		procedure, number, title, status, outcome, starter, parent, state)
	SELECT r.office, r.id, 1, r.version, r.started, r.ended, r.last, r.first_at, r.last_at, r.procedure, r.number,
		r.title, r.status, r.outcome, r.starter, r.parent, r.state
	FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
		$9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[],
		$17::bytea[]) AS r(ord, office, id, version, started, ended, last, first_at, last_at, procedure, number, title,
		status, outcome, starter, parent, state)
	WHERE ` + sqlApplied + ` ORDER BY r.office, r.id`

	// first is the number of the first new event, 0 = none. The last one that history has may not come again: that
	// breaks a rule of the table.
	sqlCases = `UPDATE cases c SET revision = c.revision + 1, version = r.version, number = r.number, title = r.title,
		status = r.status, outcome = r.outcome, ended = r.ended, state = r.state,
		last_event = CASE WHEN r.first <= c.last_event AND r.last >= c.last_event AND r.first > 0 THEN -1
			ELSE greatest(c.last_event, r.last) END,
		first_at = least(c.first_at, r.first_at), last_at = greatest(c.last_at, r.last_at)
	FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
		$9::bigint[], $10::bytea[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
		AS r(ord, office, id, version, number, title, status, outcome, ended, state, first, last, first_at, last_at)
	WHERE c.office = r.office AND c.id = r.id AND ` + sqlApplied

	sqlHistory = `INSERT INTO history (office, case_id, last, at, events)
	SELECT r.office, r.case_id, r.last, r.at, r.events
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bytea[])
		AS r(ord, office, case_id, last, at, events) WHERE ` + sqlApplied

	sqlCounters = `UPDATE counters k SET n = d.n FROM (SELECT r.office, r.series, max(r.n) AS n
		FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) AS r(ord, office, series, n)
		WHERE ` + sqlApplied + ` GROUP BY r.office, r.series) d WHERE k.office = d.office AND k.series = d.series`
)

const (
	sqlTakeLetters = `DELETE FROM letters t USING unnest($1::int[], $2::text[], $3::text[]) AS r(ord, office, id)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
	sqlTakeTimers = `DELETE FROM timers t USING unnest($1::int[], $2::text[], $3::text[]) AS r(ord, office, id)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
	sqlTakeKept = `DELETE FROM kept_messages t USING unnest($1::int[], $2::text[], $3::text[]) AS r(ord, office, id)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
	sqlMessages = `INSERT INTO messages (office, id) SELECT r.office, r.id
	FROM unnest($1::int[], $2::text[], $3::text[]) AS r(ord, office, id) WHERE ` + sqlApplied + ` ORDER BY r.office, r.id`
	sqlAnswers = `INSERT INTO answers (office, key, at, request, body)
	SELECT r.office, r.key, r.at, r.request, r.body
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bytea[], $6::bytea[])
		AS r(ord, office, key, at, request, body) WHERE ` + sqlApplied + ` ORDER BY r.office, r.key`
)

// sqlWasOffered is to whom the task t is offered as it stands.
const sqlWasOffered = `unnest(CASE WHEN t.holder <> '' THEN ARRAY['holder:' || t.holder]
	ELSE string_to_array(t.candidates, E'\x1f') END)`

const (
	// sqlDrops takes away the tasks that are dropped, and the offers of these and of those that are put again. The
	// whole key of each offer is made first: the planner would be content with a part of it, and read all of an office.
	sqlDrops = `WITH r AS MATERIALIZED (
	SELECT r.office, r.id, r.dropped
	FROM unnest($1::int[], $2::text[], $3::text[], $4::boolean[]) AS r(ord, office, id, dropped)
	WHERE ` + sqlApplied + `
), old AS MATERIALIZED (
	SELECT t.office, was.candidate, t.rank, CASE WHEN t.due = 0 THEN 9223372036854775807 ELSE t.due END AS due_key,
		t.opened, t.id AS task
	FROM r JOIN tasks t ON t.office = r.office AND t.id = r.id
		CROSS JOIN LATERAL ` + sqlWasOffered + ` AS was(candidate)
), gone AS (
	DELETE FROM tasks t USING r WHERE r.dropped AND t.office = r.office AND t.id = r.id
)
DELETE FROM offers o USING old WHERE o.office = old.office AND o.candidate = old.candidate
	AND o.rank = old.rank AND o.due_key = old.due_key AND o.opened = old.opened AND o.task = old.task`

	sqlPutTasks = `WITH put AS (
	INSERT INTO tasks (office, id, case_id, slot, act, opened, due, number, procedure, step, title, row_name, candidates,
		holder, rank)
	SELECT r.office, r.id, r.case_id, r.slot, r.act, r.opened, r.due, r.number, r.procedure, r.step, r.title, r.row_name,
		r.candidates, r.holder, r.rank
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
		$9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
		$16::bigint[])
		AS r(ord, office, id, case_id, slot, act, opened, due, number, procedure, step, title, row_name, candidates,
			holder, rank) WHERE ` + sqlApplied + `
	ON CONFLICT (office, id) DO UPDATE SET case_id = excluded.case_id, slot = excluded.slot, act = excluded.act,
		opened = excluded.opened, due = excluded.due, number = excluded.number, procedure = excluded.procedure,
		step = excluded.step, title = excluded.title, row_name = excluded.row_name,
		candidates = excluded.candidates, holder = excluded.holder, rank = excluded.rank
)
INSERT INTO offers (office, candidate, rank, due_key, opened, task)
SELECT r.office, r.candidate, r.rank, r.due_key, r.opened, r.task
FROM unnest($17::int[], $18::text[], $19::text[], $20::bigint[], $21::bigint[], $22::bigint[], $23::text[])
	AS r(ord, office, candidate, rank, due_key, opened, task) WHERE ` + sqlApplied

	sqlDrafts = `UPDATE tasks t SET draft = nullif(r.body, '')
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bytea[]) AS r(ord, office, id, body)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
)

const (
	sqlTimers = `INSERT INTO timers (office, id, case_id, timer, at) SELECT r.office, r.id, r.case_id, r.timer, r.at
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
		AS r(ord, office, id, case_id, timer, at)
	WHERE ` + sqlApplied + ` ON CONFLICT (office, id) DO UPDATE SET at = excluded.at`
	sqlSubs = `INSERT INTO subscriptions (office, id, case_id, name, key)
	SELECT r.office, r.id, r.case_id, r.name, r.key
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
		AS r(ord, office, id, case_id, name, key)
	WHERE ` + sqlApplied + ` ORDER BY r.ord
	ON CONFLICT (office, id) DO UPDATE SET name = excluded.name, key = excluded.key`
	sqlUnsubs = `DELETE FROM subscriptions t USING unnest($1::int[], $2::text[], $3::text[]) AS r(ord, office, id)
	WHERE t.office = r.office AND t.id = r.id AND ` + sqlApplied
	sqlLetters = `INSERT INTO letters (office, id, sender, addressee, kind, body)
	SELECT r.office, r.id, r.sender, r.addressee, r.kind, r.body
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[]) WITH ORDINALITY
		AS r(ord, office, id, sender, addressee, kind, body, place) WHERE ` + sqlApplied + ` ORDER BY r.place`
	sqlCopies = `INSERT INTO copies (office, id, at, edition, case_id, number, title, document, recipient, kind,
		sender, text)
	SELECT r.office, r.id, r.at, r.edition, r.case_id, r.number, r.title, r.document, r.recipient, r.kind, r.sender, r.text
	FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::text[], $7::text[], $8::text[],
		$9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
		AS r(ord, office, id, at, edition, case_id, number, title, document, recipient, kind, sender, text)
	WHERE ` + sqlApplied + ` ON CONFLICT DO NOTHING`
	sqlSearches = `INSERT INTO searches (office, case_id, field, text, started)
	SELECT r.office, r.case_id, r.field, r.text, r.started
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
		AS r(ord, office, case_id, field, text, started)
	WHERE ` + sqlApplied + ` ON CONFLICT (office, case_id, field) DO UPDATE SET text = excluded.text`
	sqlOwnFiles = `UPDATE files f SET case_id = r.case_id
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS r(ord, office, id, case_id)
	WHERE f.office = r.office AND f.id = r.id AND f.case_id = '' AND ` + sqlApplied + `
		AND NOT EXISTS (SELECT FROM file_shares s WHERE s.office = r.office AND s.id = r.id)`
	sqlShareFiles = `INSERT INTO file_shares (office, id, case_id) SELECT f.office, f.id, r.case_id
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS r(ord, office, id, case_id)
	JOIN files f ON f.office = r.office AND f.id = r.id AND f.case_id <> r.case_id
	WHERE ` + sqlApplied + ` ON CONFLICT DO NOTHING`
)
