import { useState } from 'react'
import { api, ok, once } from '../api/client'
import { t, type Key } from '../texts/text'
import { Dialog } from '../ui/Dialog'
import { People, usePeople } from '../ui/People'
import { Preview, usePreview } from '../ui/Preview'
import { useAct } from '../ui/useAct'
import type { Task } from './TaskPage'

type Common = { task: Task; done: (stays: boolean) => Promise<void>; close: () => void }

function Note({ note, setNote }: { note: string; setNote: (note: string) => void }) {
  return (
    <div>
      <label htmlFor="act-note">{t('act.note')}</label>
      <input id="act-note" value={note} maxLength={200} onChange={(e) => setNote(e.target.value)} />
    </div>
  )
}

export function HandOver({ task, act, done, close }: Common & { act: 'transfer' | 'delegate' }) {
  const people = usePeople()
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const [keep, setKeep] = useState(true)
  const params = { path: { id: task.id } }
  const { go, busy, said } = useAct(
    () => act === 'transfer'
      ? ok(api.POST('/api/v1/tasks/{id}/transfer', { params: { ...params, header: once() }, body: { to, keep, note } }))
      : ok(api.POST('/api/v1/tasks/{id}/delegate', { params: { ...params, header: once() }, body: { to, note } })),
    t(`act.${act}.done` as Key), () => done(false),
  )
  return (
    <Dialog title={t(`act.${act}` as Key)} close={close}>
      <form onSubmit={(e) => void go(e)}>
        <p className="soft">{t(`act.${act}.hint` as Key)}</p>
        <div>
          <label htmlFor="act-to">{t('act.to')}</label>
          <select id="act-to" required value={to} onChange={(e) => setTo(e.target.value)}>
            <option value="">{t('choose')}</option>
            {people.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
          </select>
        </div>
        {act === 'transfer' && (
          <label className="choice">
            <input type="checkbox" checked={keep} onChange={(e) => setKeep(e.target.checked)} /> {t('act.keep')}
          </label>
        )}
        <Note note={note} setNote={setNote} />
        {said}
        <button className="button primary" disabled={busy}>{t(`act.${act}` as Key)}</button>
      </form>
    </Dialog>
  )
}

export function Sign({ task, place, done, close }: Common & { place: 'before' | 'after' | 'beside' }) {
  const [picked, setPicked] = useState<string[]>([])
  const [sign, setSign] = useState('all')
  const [note, setNote] = useState('')
  const { go, busy, said } = useAct(
    () => ok(api.POST('/api/v1/tasks/{id}/signers', {
      params: { path: { id: task.id }, header: once() },
      body: { place, people: picked, sign: place === 'beside' ? undefined : sign, note },
    })),
    t('act.add.done'), () => done(true),
  )
  return (
    <Dialog title={t(`act.add-${place}` as Key)} close={close}>
      <form onSubmit={(e) => void go(e)}>
        <p className="soft">{t(`act.add-${place}.hint` as Key)}</p>
        <People picked={picked} pick={setPicked} />
        {place !== 'beside' && picked.length > 1 && (
          <div>
            <label htmlFor="act-sign">{t('sign.how')}</label>
            <select id="act-sign" value={sign} onChange={(e) => setSign(e.target.value)}>
              {(['all', 'any', 'in-order'] as const).map((s) => <option key={s} value={s}>{t(`sign.${s}`)}</option>)}
            </select>
          </div>
        )}
        <Note note={note} setNote={setNote} />
        {said}
        <button className="button primary" disabled={busy || picked.length === 0}>
          {t(`act.add-${place}` as Key)}
        </button>
      </form>
    </Dialog>
  )
}

// Return sends the case back to an earlier step. What would come of it is shown first.
export function Return({ task, done, close }: Common) {
  const targets = task.returns ?? []
  const [mode, setMode] = useState<'again' | 'straight'>(targets.some((x) => x.may) ? 'again' : 'straight')
  const may = (x: (typeof targets)[number]) => (mode === 'again' ? x : x.straight)
  const [picked, setTo] = useState<string>()
  const to = (targets.find((x) => x.step === picked && may(x).may) ?? targets.find((x) => may(x).may))?.step ?? ''
  const [reason, setReason] = useState('')
  const send = (dry: boolean) => ok(api.POST('/api/v1/tasks/{id}/return', {
    params: { path: { id: task.id }, header: dry ? {} : once() }, body: { to, mode, reason, dry },
  }))
  const { go, busy, said } = useAct(() => send(false), t('act.return.done'), () => done(false))
  const { preview, why } = usePreview(to ? () => send(true) : undefined, [to, mode, task.id])
  return (
    <Dialog title={t('act.return')} close={close}>
      <form onSubmit={(e) => void go(e)}>
        <fieldset className="people">
          <legend>{t('act.return.to')}</legend>
          {targets.map((x) => (
            <label key={x.step} className="choice">
              <input
                type="radio" name="to" disabled={!may(x).may} checked={to === x.step} onChange={() => setTo(x.step)}
              />
              <span>{x.title}{!may(x).may && <small className="soft"> {may(x).reason}</small>}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className="people">
          <legend>{t('act.return.mode')}</legend>
          {(['again', 'straight'] as const).map((m) => (
            <label key={m} className="choice">
              <input type="radio" name="mode" checked={mode === m} onChange={() => setMode(m)} /> {t(`act.return.${m}`)}
            </label>
          ))}
        </fieldset>
        <div>
          <label htmlFor="act-reason">{t('act.reason')}</label>
          <input id="act-reason" value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
        </div>
        {why}
        {preview && <Preview view={preview} />}
        {said}
        <button className="button primary" disabled={busy || !preview}>{t('act.return')}</button>
      </form>
    </Dialog>
  )
}
