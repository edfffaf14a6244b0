import { useState, type FormEvent } from 'react'
import { api, ok, once, Problem, type Schemas } from '../api/client'
import { Form } from '../form/Form'
import { useForm, useSettled } from '../form/useForm'
import { nothing, type Values } from '../form/values'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { Dialog } from '../ui/Dialog'
import { Preview, usePreview } from '../ui/Preview'
import { withRow } from '../ui/row'
import { useChanged } from './dialogs'
import { useRunning, type Open } from './repairs'

// Skip ends one of the parts that run as if it had been done.
export function Skip({ id, parts, close }: { id: string; parts: number[]; close: () => void }) {
  const running = useRunning(id).filter((r) => parts.includes(r.act))
  const [act, setAct] = useState(parts.length === 1 ? parts[0] : undefined)
  const run = running.find((r) => r.act === act)
  return (
    <Dialog title={t('skip.some')} close={close}>
      <div className="body">
        <p className="soft">{t('skip.hint')}</p>
        <fieldset className="people">
          <legend>{t('skip.what')}</legend>
          {running.map((r) => (
            <label key={r.act} className="choice">
              <input type="radio" name="part" checked={act === r.act} onChange={() => setAct(r.act)} /> {withRow(r)}
            </label>
          ))}
        </fieldset>
        {run && <As key={run.act} id={id} run={run} close={close} />}
      </div>
    </Dialog>
  )
}

const empty: Schemas['FormView'] = { fields: [] }

// As asks as what a part counts as done: with which answer, with what filled in, and where the case goes on.
function As({ id, run, close }: { id: string; run: Open; close: () => void }) {
  const [answer, setAnswer] = useState('')
  const [to, setTo] = useState('')
  const [busy, setBusy] = useState(false)
  const changed = useChanged()
  const answers = run.answers ?? []
  const leads = (run.leads ?? []).filter((l) => !l.answer || l.answer === answer)
  const goes = leads.some((l) => l.id === to) ? to : ''
  const whole = answers.length === 0 || answer !== ''
  const send = (dry: boolean, values: Values) => ok(api.POST('/api/v1/cases/{id}/incidents/{act}/skip', {
    params: { path: { id, act: run.act }, header: dry ? {} : once() },
    body: { answer: answer || undefined, to: goes || undefined, values, dry },
  }))
  const attempt = async (values: Values) => {
    if (!whole) return nothing
    return send(true, values).then(() => nothing, (error: unknown) =>
      error instanceof Problem ? { ...nothing, fields: error.fields } : nothing)
  }
  const state = useForm(['skip', id, run.act, answer], run.form ?? empty, {}, attempt)
  const settled = useSettled(state.written, 300)
  const { preview, why } = usePreview(
    whole ? () => send(true, state.toSend()) : undefined, [answer, goes, whole, settled],
  )
  const wrong = (state.tried?.fields ?? []).length > 0 // it is pressed to be told of

  async function skip(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    try {
      const values = await state.finish()
      if (values) {
        await send(false, values)
        announce(t('act.done', { title: t('skip.some') }))
        close()
        await changed()
        return
      }
    } catch (error) {
      if (error instanceof Problem) state.refuse(error)
    }
    setBusy(false)
  }

  return (
    <form onSubmit={(e) => void skip(e)}>
      {answers.length > 0 && (
        <fieldset className="people">
          <legend>{t('skip.answer')}</legend>
          {answers.map((a) => (
            <label key={a.id} className="choice">
              <input type="radio" name="answer" checked={answer === a.id} onChange={() => setAnswer(a.id)} /> {a.title}
            </label>
          ))}
        </fieldset>
      )}
      {run.form && <p className="soft">{t('skip.form')}</p>}
      <Form state={state} />
      {whole && leads.length > 1 && (
        <div>
          <label htmlFor="skip-to">{t('skip.to')}</label>
          <select id="skip-to" value={goes} onChange={(e) => setTo(e.target.value)}>
            <option value="">{t('skip.to.usual')}</option>
            {leads.map((l) => <option key={l.id} value={l.id}>{l.title}</option>)}
          </select>
        </div>
      )}
      {why}
      {preview && <Preview view={preview} />}
      <button className="button primary" disabled={busy || !whole || !preview && !wrong}>{t('skip.some')}</button>
    </form>
  )
}
