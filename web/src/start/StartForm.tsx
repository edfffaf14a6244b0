import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api, ok, Problem, type Schemas } from '../api/client'
import { useMe, useOffice } from '../api/queries'
import { Missing } from '../app/Trouble'
import { Form } from '../form/Form'
import { useForm } from '../form/useForm'
import type { Values } from '../form/values'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { Icon } from '../ui/Icon'
import { startable } from './StartList'
import '../task/task.css'
import './start.css'

export function StartForm() {
  const { procedure, way } = useParams({ from: '/inside/start/$procedure/$way' })
  const query = useQuery(startable)
  const found = query.data?.find((p) => p.id === procedure)
  const start = found?.starts?.find((s) => String(s.way) === way)
  if (query.isPending) return <main id="main"><p className="empty" role="status">{t('loading')}</p></main>
  if (query.isError && !query.data) return <Missing error={query.error} gone="start.none.such" />
  if (!found || !start) return <Not procedure={procedure} startable={found !== undefined} />
  return <Begin key={procedure + way} procedure={found} start={start} />
}

// Not says why nothing begins at an address: what one follows may be old, or somebody else's.
function Not({ procedure, startable }: { procedure: string; startable: boolean }) {
  const known = useOffice().procedures?.find((p) => p.id === procedure)
  return (
    <main id="main" className="empty">
      <h1 tabIndex={-1}>{t(startable ? 'start.no.way' : known ? 'start.not' : 'start.none.such')}</h1>
      {known && <p>{known.title}</p>}
      <Link className="button" to="/start">{t('nav.start')}</Link>
    </main>
  )
}

function Begin({ procedure, start }: { procedure: Schemas['ProcedureLine']; start: Schemas['StartForm'] }) {
  const router = useRouter()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const me = useMe()
  const place = `guicheng.start.${me.office}/${me.id}.${procedure.id}.${start.way}` // another's is another's
  const attempt = (values: Values) => ok(api.POST('/api/v1/procedures/{id}/try', {
    params: { path: { id: procedure.id } }, body: { way: start.way, values },
  }))
  const state = useForm(['start', procedure.id, start.way], start.form, kept(place), attempt, {})
  const [busy, setBusy] = useState(false)
  const key = useRef(crypto.randomUUID())
  useEffect(() => sessionStorage.setItem(place, JSON.stringify(state.values)), [place, state.values])

  async function begin() {
    if (busy) return
    setBusy(true)
    try {
      const values = await state.finish()
      if (values) {
        const begun = await ok(api.POST('/api/v1/procedures/{id}/cases', {
          params: { path: { id: procedure.id }, header: { 'Idempotency-Key': key.current } }, body: { way: start.way, values },
        }))
        sessionStorage.removeItem(place)
        void queries.invalidateQueries({ queryKey: ['cases'] })
        announce(t('start.done', { number: begun.number }))
        const next = begun.tasks?.[0]
        await (next ? navigate({ to: '/tasks/$id', params: { id: next.id }, replace: true })
          : navigate({ to: '/cases/$id', params: { id: begun.case }, replace: true }))
        return
      }
    } catch (error) {
      if (error instanceof Problem) {
        if (error.status !== 0) key.current = crypto.randomUUID()
        state.refuse(error.status === 0 ? new Problem(0, { detail: t('trouble.unreachable.hint') }) : error)
      }
    }
    setBusy(false)
  }

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void begin()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })

  return (
    <main id="main" className="work narrow">
      <header className="top">
        <button type="button" className="back" aria-label={t('back')} onClick={() => router.history.back()}><Icon name="back" /></button>
        <div>
          <h1 tabIndex={-1}>{procedure.title}</h1>
          {procedure.description && <p className="soft">{procedure.description}</p>}
        </div>
      </header>
      <section className="doing" aria-label={t('task.form')}>
        <Form state={state} />
        <div className="answers">
          <div className="row">
            <button className="button primary" disabled={busy} onClick={() => void begin()}>{t('start.do')}</button>
          </div>
        </div>
      </section>
    </main>
  )
}

// kept is what was filled in before the page was left.
function kept(place: string): Values {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? '{}') as Values
  } catch {
    return {}
  }
}
