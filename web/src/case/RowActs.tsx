import { useState, type FormEvent } from 'react'
import { api, ok, once, Problem, type Schemas } from '../api/client'
import { Form } from '../form/Form'
import { useForm } from '../form/useForm'
import { nothing } from '../form/values'
import { t } from '../texts/text'
import { Button, type Act } from '../ui/ActList'
import { announce } from '../ui/announce'
import { Box } from '../ui/Box'
import { Dialog } from '../ui/Dialog'
import { Preview, usePreview } from '../ui/Preview'
import { useAct } from '../ui/useAct'
import type { Case } from './CasePage'
import { useChanged } from './dialogs'

type Rows = Schemas['RowsView']

// RowActs are what one may do with a step that runs once for each row: add a row, or end it before all are done.
export function RowActs({ view, acts }: { view: Case; acts: Act[] }) {
  const [asked, setAsked] = useState<{ rows: Rows; act: 'add-row' | 'finish-rows' }>()
  const may = (rows: Rows, act: string) => acts.some((a) => a.act === act && a.on === String(rows.act) && a.may)
  const list = (view.rows ?? []).filter((rows) => may(rows, 'add-row') || may(rows, 'finish-rows'))
  const close = () => setAsked(undefined)
  return (
    <>
      {list.map((rows) => (
        <Box key={rows.act} look="acts" title={rows.title}>
          <p className="soft">{t('rows.done', { n: rows.finished, all: rows.total })}</p>
          <div className="row">
            {(['add-row', 'finish-rows'] as const).filter((act) => may(rows, act)).map((act) => (
              <Button key={act} title={t(act === 'add-row' ? 'rows.add' : 'rows.finish')}
                press={() => setAsked({ rows, act })} />
            ))}
          </div>
        </Box>
      ))}
      {asked?.act === 'add-row' && asked.rows.form && (
        <Add id={view.id} rows={asked.rows} form={asked.rows.form} close={close} />
      )}
      {asked?.act === 'finish-rows' && <Finish id={view.id} rows={asked.rows} close={close} />}
    </>
  )
}

function Add({ id, rows, form, close }: { id: string; rows: Rows; form: Schemas['FormView']; close: () => void }) {
  const changed = useChanged()
  // What is wrong with a new row is said when it is sent.
  const state = useForm(['row', id, rows.act], form, {}, () => Promise.resolve(nothing))
  async function send(event: FormEvent) {
    event.preventDefault()
    try {
      const values = await state.finish()
      if (!values) return
      await ok(api.POST('/api/v1/cases/{id}/rows', {
        params: { path: { id }, header: once() }, body: { act: rows.act, values },
      }))
      announce(t('rows.added'))
      close()
      await changed()
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

// Finish ends a step before all its rows are done. What would come of it is shown first.
function Finish({ id, rows, close }: { id: string; rows: Rows; close: () => void }) {
  const changed = useChanged()
  const send = (dry: boolean) => ok(api.POST('/api/v1/cases/{id}/rows/finish', {
    params: { path: { id }, header: dry ? {} : once() }, body: { act: rows.act, dry },
  }))
  const { preview, why } = usePreview(() => send(true), [id, rows.act])
  const { go, busy, said } = useAct(() => send(false), t('act.done', { title: t('rows.finish') }), async () => {
    close()
    await changed()
  })
  return (
    <Dialog title={t('rows.finish')} close={close}>
      <form onSubmit={(e) => void go(e)}>
        <p>{t('rows.finish.hint', { title: rows.title, n: rows.total - rows.finished })}</p>
        {why}
        {preview && <Preview view={preview} />}
        {said}
        <button className="button primary" disabled={busy || !preview}>{t('rows.finish')}</button>
      </form>
    </Dialog>
  )
}
