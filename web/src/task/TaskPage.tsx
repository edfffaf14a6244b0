import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api, ok, Problem, type Schemas } from '../api/client'
import { useOffice } from '../api/queries'
import { setOwn, useCaseLive, useOver } from '../app/live'
import { useKeys } from '../app/shortcuts'
import { Missing } from '../app/Trouble'
import { CaseActs } from '../case/CaseActs'
import { Messages } from '../case/Messages'
import { RowActs } from '../case/RowActs'
import { Sayings } from '../case/Sayings'
import { Story } from '../case/Story'
import { Form } from '../form/Form'
import { useForm, useSettled } from '../form/useForm'
import type { Values } from '../form/values'
import { removeTasks } from '../inbox/query'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { mayDo } from '../ui/ActList'
import { Due } from '../ui/Due'
import { Facts } from '../ui/Facts'
import { Icon } from '../ui/Icon'
import { clock, moment, useNow } from '../ui/time'
import { Acts } from './Acts'
import { Signers } from './Signers'
import './task.css'

export type Task = Schemas['TaskView']

// TaskPage is one task: its form, what one may see for it, and what one may do with it.
export function TaskPage() {
  const { id } = useParams({ from: '/inside/tasks/$id' })
  const query = useQuery({
    queryKey: ['task', id],
    queryFn: () => ok(api.GET('/api/v1/tasks/{id}', { params: { path: { id } } })),
    staleTime: 0,
    gcTime: 0, // whoever opens it again begins with what it has come to, not with what it was
    refetchOnWindowFocus: false, // what somebody is writing stays as it is
  })
  if (query.isPending) return <main id="main"><p className="empty" role="status">{t('loading')}</p></main>
  if (query.isError && !query.data) return <Missing error={query.error} gone={'task.closed'} />
  return <Work key={id} task={query.data!} />
}

// Work shows a task. When somebody else was faster nothing can be done with it any more; what was written stays to be read.
function Work({ task }: { task: Task }) {
  const over = useOver(task.id)
  useCaseLive(task.case)
  const router = useRouter()
  const navigate = useNavigate()
  useKeys({ u: () => void navigate({ to: '/' }) })
  const state = useForm(
    ['task', task.id], task.form, (task.draft ?? task.values ?? {}) as Values,
    (values) => tryTask(task.id, values), (task.values ?? {}) as Values,
  )
  const draft = useDraft(task, state.values, state.toSend)
  return (
    <main id="main" className="work">
      <header className="top">
        <button type="button" className="back" aria-label={t('back')} onClick={() => router.history.back()}><Icon name="back" /></button>
        <div>
          <h1 tabIndex={-1}>{task.title}</h1>
          <p className="soft">
            <Link to="/cases/$id" params={{ id: task.case }} className="number">{task.number}</Link> {task.procedure_title}
            {task.row && <> · {t('task.row', { n: task.row })}</>}
          </p>
          {task.subject && <p className="about">{task.subject}</p>}
        </div>
        {!over && <Clock task={task} />}
      </header>
      <div className="columns">
        <section className="doing" aria-label={t('task.form')}>
          {task.for && <p className="note">{t('task.for.note', { name: task.for_name ?? task.for })}</p>}
          {task.note && <p className="note">{task.note}</p>}
          {task.proposed && (
            <p className="note">{t('task.proposed', { name: task.proposed.name, answer: task.proposed.title ?? '' })} {task.proposed.note}</p>
          )}
          {(task.show ?? []).length > 0 && <section className="card box"><h2 className="hidden">{t('task.data')}</h2><Facts list={task.show!} /></section>}
          <Form state={state} />
          {over ? <Over id={task.id} /> : <Answers task={task} state={state} draft={draft} />}
        </section>
        <aside className="beside">
          {!over && <Acts task={task} />}
          {!over && <OfCase task={task} />}
          {(task.signers ?? []).length > 0 && <Signers task={task} />}
          {!over && ( // whoever has nothing to do with the case any more reads nothing of it
            <>
              <section className="card box"><h2>{t('case.comments')}</h2><Sayings id={task.case} may={mayDo(task.acts, 'comment')} /></section>
              <section className="card box"><h2>{t('case.story')}</h2><Story id={task.case} /></section>
            </>
          )}
        </aside>
      </div>
    </main>
  )
}

// OfCase are the acts on the case of a task. What is filled in with them is read when there is any such act.
function OfCase({ task }: { task: Task }) {
  const acts = task.acts ?? []
  const view = useQuery({
    queryKey: ['case', task.case],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}', { params: { path: { id: task.case } } })),
    enabled: ['send', 'add-row', 'finish-rows'].some((act) => mayDo(acts, act)),
  }).data
  return (
    <>
      {view && <RowActs view={view} acts={acts} />}
      {view && <Messages view={view} acts={acts} />}
      <CaseActs id={task.case} acts={acts} title={t('acts.case')} />
    </>
  )
}

// Over says what has become of the task: the API tells it whoever was asked to do it.
function Over({ id }: { id: string }) {
  const why = useQuery({
    queryKey: ['fate', id],
    queryFn: () => ok(api.GET('/api/v1/tasks/{id}', { params: { path: { id } } })),
    retry: false,
    gcTime: 0,
  }).error
  return (
    <div className="answers" role="alert">
      <p>{why instanceof Problem && why.code === 'not-open' ? why.message : t('task.over')}</p>
      <div className="row">
        <Link className="button primary" to="/">{t('nav.inbox')}</Link>
      </div>
    </div>
  )
}

const tryTask = (id: string, values: Values, answer?: string) =>
  ok(api.POST('/api/v1/tasks/{id}/try', { params: { path: { id } }, body: { values, answer } }))

function Clock({ task }: { task: Task }) {
  const now = useNow()
  const zone = useOffice().zone
  return (
    <div className="clock">
      <Due due={task.due} until={task.until} opened={task.opened} now={now} />
      {task.due && <small className="soft">{t('due.at', { at: moment(task.due, zone) })}</small>}
      {task.until && (
        <small className="soft">
          {t(task.otherwise ? 'until.then' : 'until', { at: clock(task.until, zone), title: task.otherwise ?? '' })}
        </small>
      )}
    </div>
  )
}

// useDraft keeps what is written a moment after one stops writing, and at once when one looks away: a telephone may end
// a page then.
function useDraft(task: Task, values: Values, toSend: () => Values): Draft {
  const settled = useSettled(values, 1200)
  const kept = useRef(values)
  const [said, setSaid] = useState('')
  const sent = useRef<Promise<unknown>>(Promise.resolve())
  const closed = useRef(false)
  const may = (task.acts ?? []).some((a) => a.act === 'draft' && a.may)
  function keep(now: Values) {
    if (now === kept.current || !may || closed.current) return
    kept.current = now
    sent.current = ok(api.PUT('/api/v1/tasks/{id}/draft', {
      params: { path: { id: task.id } }, body: { values: toSend() }, keepalive: true,
    })).then(() => setSaid(t('draft.saved'))).catch((error: Error) => {
      kept.current = {}
      setSaid(t('draft.not', { why: error.message }))
    })
  }
  useEffect(() => keep(settled), [settled, may, task.id])
  useEffect(() => {
    const away = () => document.visibilityState === 'hidden' && keep(values)
    document.addEventListener('visibilitychange', away)
    return () => document.removeEventListener('visibilitychange', away)
  })
  return {
    said,
    close: async (yes) => {
      closed.current = yes
      await sent.current
    },
  }
}

// Draft is how far what is written is kept. While the task is being completed nothing more is kept: it would be refused.
type Draft = { said: string; close: (yes: boolean) => Promise<void> }

// Answers are the buttons that complete the task; below a telephone's form they stay under the thumb.
function Answers({ task, state, draft }: { task: Task; state: ReturnType<typeof useForm>; draft: Draft }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const key = useRef(crypto.randomUUID()) // the same until it is known what became of it
  const answers = task.answers ?? []
  const why = (task.acts ?? []).find((a) => a.act === 'complete' && !a.may)?.reason

  async function complete(answer?: string) {
    if (busy) return
    setBusy(true)
    setOwn(task.id, true)
    try {
      await draft.close(true)
      const values = await state.finish((v) => tryTask(task.id, v, answer))
      if (values) {
        const done = await ok(api.POST('/api/v1/tasks/{id}/complete', {
          params: { path: { id: task.id }, header: { 'Idempotency-Key': key.current } }, body: { answer, values },
        }))
        removeTasks(queries, new Set([task.id]))
        void queries.invalidateQueries({ queryKey: ['counts'] })
        const next = done.tasks?.[0]
        announce(next ? t('task.done.next', { title: next.title }) : t('task.done', { title: task.title }))
        await (next ? navigate({ to: '/tasks/$id', params: { id: next.id }, replace: true }) : navigate({ to: '/', replace: true }))
        return
      }
    } catch (error) {
      if (error instanceof Problem) {
        if (error.status !== 0) key.current = crypto.randomUUID()
        state.refuse(error.status === 0 ? new Problem(0, { detail: t('trouble.unreachable.hint') }) : error)
      }
    }
    setOwn(task.id, false)
    await draft.close(false)
    setBusy(false)
  }

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !task.may) return
      event.preventDefault()
      if (answers.length < 2) void complete(answers[0]?.id)
      else document.querySelector<HTMLElement>('.answers .button')?.focus()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })

  return (
    <div className="answers" role="group" aria-label={t('task.answers')}>
      {why && <p className="soft">{why}</p>}
      <div className="row">
        {answers.length === 0
          ? <button className="button primary" disabled={!task.may || busy} onClick={() => void complete()}>
              <Icon name="check" /> {t('task.complete')}
            </button>
          : answers.map((a, i) => (
            <button key={a.id} className={i === 0 ? 'button primary' : 'button'} disabled={!task.may || busy}
              onClick={() => void complete(a.id)}>{a.title}</button>
          ))}
      </div>
      <small className="soft" role="status">{draft.said}</small>
    </div>
  )
}
