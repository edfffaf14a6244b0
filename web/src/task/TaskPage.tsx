import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api, ok, Problem, type Schemas } from '../api/client'
import { useOffice } from '../api/queries'
import { setOwn, useCaseLive, useOver } from '../app/live'
import { useDoneKey, useKeys } from '../app/shortcuts'
import { Missing } from '../app/Trouble'
import { CaseActs } from '../case/CaseActs'
import { Messages } from '../case/Messages'
import { Papers } from '../case/Papers'
import { oneCase } from '../case/query'
import { RowActs } from '../case/RowActs'
import { Sayings } from '../case/Sayings'
import { Story } from '../case/Story'
import { Form } from '../form/Form'
import { useForm, useSettled } from '../form/useForm'
import { useSend } from '../form/useSend'
import type { Values } from '../form/values'
import { removeTasks } from '../inbox/query'
import { t } from '../texts/text'
import { Heading } from '../ui/Heading'
import { announce } from '../ui/announce'
import { mayDo } from '../ui/ActList'
import { Back } from '../ui/Back'
import { Box } from '../ui/Box'
import { Due } from '../ui/Due'
import { Facts } from '../ui/Facts'
import { Icon } from '../ui/Icon'
import { rowOf } from '../ui/row'
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

// Work shows a task. When somebody else was faster nothing can be done with it any more; what was written stays to be
// read.
function Work({ task }: { task: Task }) {
  const over = useFate(task)
  useCaseLive(task.case)
  const navigate = useNavigate()
  useKeys({ u: () => void navigate({ to: '/' }) })
  const state = useForm(
    ['task', task.id], task.form, (task.draft ?? task.values ?? {}) as Values,
    (values) => tryTask(task.id, values), (task.values ?? {}) as Values,
  )
  const draft = useDraft(task, state.written, state.toKeep)
  return (
    <main id="main" className="work">
      <header className="top">
        <Back />
        <div>
          <Heading number={task.number}>{task.title}</Heading>
          <p className="soft">
            <Link to="/cases/$id" params={{ id: task.case }} className="number">{task.number}</Link>
            {' '}{task.procedure_title}
            {task.row && <> · {rowOf(task)}</>}
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
            <p className="note">
              {t('task.proposed', { name: task.proposed.name, answer: task.proposed.title ?? '' })} {task.proposed.note}
            </p>
          )}
          {(task.show ?? []).length > 0 && (
            <section className="card box">
              <h2 className="hidden">{t('task.data')}</h2>
              <Facts list={task.show!} />
            </section>
          )}
          <Form state={state} shown={task.show ?? []} />
          {over ? <Over why={over} /> : <Answers task={task} state={state} draft={draft} />}
        </section>
        <aside className="beside">
          {!over && <Acts task={task} />}
          {!over && <OfCase task={task} />}
          {(task.signers ?? []).length > 0 && <Signers task={task} />}
          {!over && ( // whoever has nothing to do with the case any more reads nothing of it
            <>
              <Box title={t('case.comments')}><Sayings id={task.case} may={mayDo(task.acts, 'comment')} /></Box>
              <Box title={t('case.story')}><Story id={task.case} /></Box>
            </>
          )}
        </aside>
      </div>
    </main>
  )
}

// OfCase is what of its case one may want with a task: the papers to print, and the acts on it.
function OfCase({ task }: { task: Task }) {
  const acts = task.acts ?? []
  const view = useQuery(oneCase(task.case)).data
  return (
    <>
      {view && <Papers view={view} />}
      {view && <RowActs view={view} acts={acts} />}
      {view && <Messages view={view} acts={acts} />}
      <CaseActs id={task.case} acts={acts} title={t('acts.case')} />
    </>
  )
}

// useFate tells what has become of a task that one has no more, as the API tells it whoever was asked to do it;
// nothing = it is one's own, or waits for somebody whom one has asked, and comes back.
function useFate(task: Task): string | undefined {
  const left = useOver(task.id)
  const { error, data } = useQuery({
    queryKey: ['case', task.case, 'fate', task.id], // it is asked for again when something happens in the case
    queryFn: () => ok(api.GET('/api/v1/tasks/{id}', { params: { path: { id: task.id } } })),
    enabled: left,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  if (!left) return undefined
  if (error) return error instanceof Problem && error.code === 'not-open' ? error.message : t('task.over')
  const why = data?.acts?.find((a) => a.act === 'complete' && !a.may)
  return data && why?.why_not !== 'asking' ? why?.reason ?? t('task.over') : undefined
}

function Over({ why }: { why: string }) {
  return (
    <div className="answers" role="alert">
      <p>{why}</p>
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
  const call = task.calls_in
  return (
    <div className="clock">
      <Due due={task.due} until={task.until} opened={task.opened} now={now} />
      {task.due && <small className="soft">{t('due.at', { at: moment(task.due, zone) })}</small>}
      {call && (
        <small className="soft">
          {t(call.instead ? 'until.instead' : 'until.also', {
            at: clock(call.at, zone), people: call.people || t('until.others'),
          })}
        </small>
      )}
      {task.until && !(call?.instead && call.at === task.until) && (
        <small className="soft">
          {t(task.otherwise ? 'until.then' : 'until', { at: clock(task.until, zone), title: task.otherwise ?? '' })}
        </small>
      )}
    </div>
  )
}

// useDraft keeps what is written a moment after one stops writing, and at once when one looks away: a telephone may end
// a page then.
function useDraft(task: Task, values: Values, toKeep: () => Values): Draft {
  const settled = useSettled(values, 1200)
  const kept = useRef(values)
  const [said, setSaid] = useState('')
  const queries = useQueryClient()
  const sent = useRef<Promise<unknown>>(Promise.resolve())
  const closed = useRef(false)
  const may = (task.acts ?? []).some((a) => a.act === 'draft' && a.may)
  function keep(now: Values) {
    if (now === kept.current || !may || closed.current) return
    kept.current = now
    sent.current = ok(api.PUT('/api/v1/tasks/{id}/draft', {
      params: { path: { id: task.id } }, body: { values: toKeep() }, keepalive: true,
    })).then(() => {
      setSaid(t('draft.saved'))
      if (!task.until || task.holder) return
      void queries.invalidateQueries({ queryKey: ['task', task.id] }) // whoever begins what races keeps it
    }).catch((error: Error) => {
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

// Draft is how far what is written is kept. While the task is being completed nothing more is kept: it would be
// refused.
type Draft = { said: string; close: (yes: boolean) => Promise<void> }

let doneAt = 0 // when a task was completed here last

// useSteady: a task that opens in the place of one just done is not completed by the second tap of a double one.
function useSteady(id: string) {
  const [steady, setSteady] = useState(Date.now() - doneAt > 1_000 ? id : '')
  useEffect(() => {
    const timer = setTimeout(() => setSteady(id), 700)
    return () => clearTimeout(timer)
  }, [id])
  return steady === id
}

// Answers are the buttons that complete the task; below a telephone's form they stay under the thumb.
function Answers({ task, state, draft }: { task: Task; state: ReturnType<typeof useForm>; draft: Draft }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { busy, send } = useSend(state)
  const steady = useSteady(task.id)
  const answers = task.answers ?? []
  const why = (task.acts ?? []).find((a) => a.act === 'complete' && !a.may)?.reason

  async function complete(answer?: string) {
    if (busy || !steady) return
    setOwn(task.id, true)
    const path = { id: task.id }
    const done = await send(async (values, header) => {
      const { tasks } = await ok(api.POST('/api/v1/tasks/{id}/complete', {
        params: { path, header }, body: { answer, values },
      }))
      removeTasks(queries, new Set([task.id]))
      void queries.invalidateQueries({ queryKey: ['counts'] })
      const next = tasks?.[0]
      doneAt = Date.now()
      announce(next ? t('task.done.next', { title: next.title }) : t('task.done', { title: task.title }))
      await navigate(next ? { to: '/tasks/$id', params: { id: next.id }, replace: true } : { to: '/', replace: true })
    }, async (values) => {
      await draft.close(true)
      return tryTask(task.id, values, answer)
    })
    if (done) return
    setOwn(task.id, false)
    await draft.close(false)
  }
  useDoneKey(() => {
    if (!task.may) return
    if (answers.length < 2) void complete(answers[0]?.id)
    else document.querySelector<HTMLElement>('.answers .button')?.focus()
  })

  return (
    <div className="answers" role="group" aria-label={t('task.answers')}>
      {why && <p className="soft">{why}</p>}
      <div className="row">
        {answers.length === 0
          ? <button className="button primary" disabled={!task.may || busy || !steady} onClick={() => void complete()}>
              <Icon name="check" /> {t('task.complete')}
            </button>
          : answers.map((a, i) => (
            <button key={a.id} className={i === 0 ? 'button primary' : 'button'}
              disabled={!task.may || busy || !steady} onClick={() => void complete(a.id)}>{a.title}</button>
          ))}
      </div>
      <small className="soft" role="status">{draft.said}</small>
    </div>
  )
}
