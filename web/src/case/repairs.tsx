import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok, once, type Schemas } from '../api/client'
import { t } from '../texts/text'
import { Dialog } from '../ui/Dialog'
import { Preview, usePreview } from '../ui/Preview'
import { withRow } from '../ui/row'
import { useAct } from '../ui/useAct'
import { Reason, useChanged } from './dialogs'
import { oneCase } from './query'

export type Open = Schemas['OpenView']

// useRunning is what runs in a case, with the choices that its repairs have.
export function useRunning(id: string): Open[] {
  return useQuery(oneCase(id)).data?.running ?? []
}

// Jump leaves what runs and opens a step in its stead.
export function Jump({ id, close }: { id: string; close: () => void }) {
  const running = useRunning(id)
  const [leave, setLeave] = useState<number[]>([])
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const changed = useChanged()
  const targets = useQuery({
    queryKey: ['case', id, 'targets', ...leave],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}/targets', { params: { path: { id }, query: { leave } } })),
    enabled: leave.length > 0,
  }).data?.targets ?? []
  const goes = leave.length > 0 && targets.some((x) => x.step === to && x.may)
  const send = (dry: boolean) => ok(api.POST('/api/v1/cases/{id}/jump', {
    params: { path: { id }, header: dry ? {} : once() }, body: { leave, to, reason, dry },
  }))
  const { preview, why } = usePreview(goes ? () => send(true) : undefined, [to, goes, leave.join()])
  const { go, busy, said } = useAct(() => send(false), t('act.done', { title: t('act.jump') }), async () => {
    close()
    await changed()
  })
  return (
    <Dialog title={t('act.jump')} close={close}>
      <form onSubmit={(e) => void go(e)}>
        <p className="soft">{t('act.jump.hint')}</p>
        <fieldset className="people">
          <legend>{t('act.jump.leave')}</legend>
          {running.map((r) => (
            <label key={r.act} className="choice">
              <input type="checkbox" checked={leave.includes(r.act)}
                onChange={(e) => setLeave(e.target.checked ? [...leave, r.act] : leave.filter((x) => x !== r.act))} />
              {' '}{withRow(r)}
            </label>
          ))}
        </fieldset>
        <div>
          <label htmlFor="jump-to">{t('act.jump.to')}</label>
          <select id="jump-to" required disabled={leave.length === 0} value={goes ? to : ''}
            onChange={(e) => setTo(e.target.value)}>
            <option value="">{t('choose')}</option>
            {targets.map((x) => (
              <option key={x.step} value={x.step} disabled={!x.may}>
                {x.may ? x.title : t('act.jump.not', { title: x.title, why: x.reason ?? '' })}
              </option>
            ))}
          </select>
        </div>
        <Reason reason={reason} set={setReason} required />
        {why}
        {preview && <Preview view={preview} />}
        {said}
        <button className="button primary" disabled={busy || !preview}>{t('act.jump')}</button>
      </form>
    </Dialog>
  )
}
