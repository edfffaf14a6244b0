import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api, ok, type Schemas } from '../api/client'
import { useMe, useOffice } from '../api/queries'
import { useDoneKey } from '../app/shortcuts'
import { Missing } from '../app/Trouble'
import { Form } from '../form/Form'
import { useForm } from '../form/useForm'
import { useSend } from '../form/useSend'
import type { Values } from '../form/values'
import { t } from '../texts/text'
import { Heading } from '../ui/Heading'
import { announce } from '../ui/announce'
import { Back } from '../ui/Back'
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
      <Heading>{t(startable ? 'start.no.way' : known ? 'start.not' : 'start.none.such')}</Heading>
      {known && <p>{known.title}</p>}
      <Link className="button" to="/start">{t('nav.start')}</Link>
    </main>
  )
}

function Begin({ procedure, start }: { procedure: Schemas['ProcedureLine']; start: Schemas['StartForm'] }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const me = useMe()
  const place = `guicheng.start.${me.office}/${me.id}.${procedure.id}.${start.way}` // another's is another's
  const attempt = (values: Values) => ok(api.POST('/api/v1/procedures/{id}/try', {
    params: { path: { id: procedure.id } }, body: { way: start.way, values },
  }))
  const state = useForm(['start', procedure.id, start.way], start.form, kept(place), attempt, {})
  const { busy, send } = useSend(state)
  useEffect(() => sessionStorage.setItem(place, JSON.stringify(state.toKeep())), [place, state.written])

  async function begin() {
    if (busy) return
    await send(async (values, header) => {
      const begun = await ok(api.POST('/api/v1/procedures/{id}/cases', {
        params: { path: { id: procedure.id }, header }, body: { way: start.way, values },
      }))
      sessionStorage.removeItem(place)
      void queries.invalidateQueries({ queryKey: ['cases'] })
      announce(t('start.done', { number: begun.number }))
      const next = begun.tasks?.[0]
      await (next ? navigate({ to: '/tasks/$id', params: { id: next.id }, replace: true })
        : navigate({ to: '/cases/$id', params: { id: begun.case }, replace: true }))
    })
  }
  useDoneKey(() => void begin())

  return (
    <main id="main" className="work narrow">
      <header className="top">
        <Back />
        <div>
          <Heading>{procedure.title}</Heading>
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
