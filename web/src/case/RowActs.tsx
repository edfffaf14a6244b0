import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, ok, once, Problem, type Schemas } from '../api/client'
import { Form } from '../form/Form'
import { useForm } from '../form/useForm'
import type { Tried } from '../form/values'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { Dialog } from '../ui/Dialog'
import type { Case } from './CasePage'

type Rows = Schemas['RowsView']

// RowsOf are the steps that run for each row in the case of a task.
export function RowsOf({ id }: { id: string }) {
  const view = useQuery({
    queryKey: ['case', id],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}', { params: { path: { id } } })),
  }).data
  return view ? <RowActs view={view} /> : null
}

// RowActs are what one may do with a step that runs once for each row: add a row, or end it before all are done.
export function RowActs({ view }: { view: Case }) {
  const [asked, setAsked] = useState<{ rows: Rows; act: 'add' | 'finish' }>()
  const list = view.rows ?? []
  if (list.length === 0) return null
  const close = () => setAsked(undefined)
  return (
    <>
      {list.map((rows) => (
        <section key={rows.act} className="card box acts">
          <h2>{rows.title}</h2>
          <p className="soft">{t('rows.done', { n: rows.finished, all: rows.total })}</p>
          <div className="row">
            {rows.form && <button className="button quiet small" onClick={() => setAsked({ rows, act: 'add' })}>{t('rows.add')}</button>}
            {rows.may_finish && (
              <button className="button quiet small" onClick={() => setAsked({ rows, act: 'finish' })}>{t('rows.finish')}</button>
            )}
          </div>
        </section>
      ))}
      {asked?.act === 'add' && <Add id={view.id} rows={asked.rows} form={asked.rows.form!} close={close} />}
      {asked?.act === 'finish' && <Finish id={view.id} rows={asked.rows} close={close} />}
    </>
  )
}

// nothing is said of a new row while it is filled in: what is wrong with it is said when it is sent.
const nothing: Tried = { computed: [], fields: [], not_asked: [] }

function useDone(id: string, close: () => void) {
  const queries = useQueryClient()
  return async (said: string) => {
    announce(said)
    await queries.invalidateQueries({ queryKey: ['case', id] })
    close()
  }
}

function Add({ id, rows, form, close }: { id: string; rows: Rows; form: Schemas['FormView']; close: () => void }) {
  const done = useDone(id, close)
  const state = useForm(['row', id, rows.act], form, {}, () => Promise.resolve(nothing))
  async function send(event: FormEvent) {
    event.preventDefault()
    try {
      const values = await state.finish()
      if (!values) return
      await ok(api.POST('/api/v1/cases/{id}/rows', { params: { path: { id }, header: once() }, body: { act: rows.act, values } }))
      await done(t('rows.added'))
    } catch (error) {
      if (error instanceof Problem) state.refuse(error)
    }
  }
  return (
    <Dialog title={t('rows.add')} close={close}>
      <form onSubmit={(e) => void send(e)}>
        <Form state={state} />
        <button className="button primary">{t('rows.add')}</button>
      </form>
    </Dialog>
  )
}

function Finish({ id, rows, close }: { id: string; rows: Rows; close: () => void }) {
  const done = useDone(id, close)
  const [trouble, setTrouble] = useState('')
  async function send(event: FormEvent) {
    event.preventDefault()
    try {
      await ok(api.POST('/api/v1/cases/{id}/rows/finish', { params: { path: { id }, header: once() }, body: { act: rows.act } }))
      await done(t('act.done', { title: t('rows.finish') }))
    } catch (error) {
      setTrouble((error as Error).message)
    }
  }
  return (
    <Dialog title={t('rows.finish')} close={close}>
      <form onSubmit={(e) => void send(e)}>
        <p>{t('rows.finish.hint', { title: rows.title, n: rows.total - rows.finished })}</p>
        {trouble && <p className="note bad" role="alert">{trouble}</p>}
        <button className="button primary">{t('rows.finish')}</button>
      </form>
    </Dialog>
  )
}
