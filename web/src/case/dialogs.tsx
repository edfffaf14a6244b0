import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok, once } from '../api/client'
import { t } from '../texts/text'
import { Dialog } from '../ui/Dialog'
import { People } from '../ui/People'
import { Preview, usePreview } from '../ui/Preview'
import { useAct } from '../ui/useAct'

export type Asked = 'revoke' | 'cancel' | 'suspend' | 'resume' | 'recall'

export const asks = (act: string) => ['revoke', 'cancel', 'suspend', 'resume', 'recall'].includes(act)

// useChanged reads again what shows a case, after something was done to it; it may be shown by its number, too.
export function useChanged() {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([['case'], ['cases'], ['task'], ['inbox'], ['counts']]
      .map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
}

type Reasoned = { reason: string; set: (reason: string) => void; required?: boolean }

export function Reason({ reason, set, required = false }: Reasoned) {
  return (
    <div>
      <label htmlFor="act-reason">
        {t('act.reason')}{!required && <small className="soft"> {t('optional')}</small>}
      </label>
      <input id="act-reason" value={reason} maxLength={200} required={required} onChange={(e) => set(e.target.value)} />
    </div>
  )
}

// Ask asks for the reason of an act on the whole case, or on a task that was done; where it takes something back, what
// comes of it is shown first.
export function Ask({ id, asked, close }: {
  id: string; asked: { act: Asked; on?: string; title: string }; close: () => void
}) {
  const [reason, setReason] = useState('')
  const changed = useChanged()
  const withdraws = asked.act !== 'suspend' && asked.act !== 'resume'
  const { preview, why } = usePreview(withdraws ? () => send(true) : undefined, [asked.act, asked.on, id])
  const { go, busy, said } = useAct(() => send(false), t('act.done', { title: asked.title }), async () => {
    close()
    await changed()
  })

  function send(dry: boolean) {
    const params = { path: { id: asked.on ?? id }, header: dry ? {} : once() }
    switch (asked.act) {
      case 'recall':
        return ok(api.POST('/api/v1/tasks/{id}/recall', { params, body: { dry } }))
      case 'revoke':
        return ok(api.POST('/api/v1/cases/{id}/revoke', { params, body: { reason, dry } }))
      case 'cancel':
        return ok(api.POST('/api/v1/cases/{id}/cancel', { params, body: { reason, dry } }))
      case 'suspend':
        return ok(api.POST('/api/v1/cases/{id}/suspend', { params, body: { reason } }))
      case 'resume':
        return ok(api.POST('/api/v1/cases/{id}/resume', { params, body: { reason } }))
    }
  }

  return (
    <Dialog title={asked.title} close={close}>
      <form onSubmit={(e) => void go(e)}>
        {preview && <Preview view={preview} />}
        {asked.act !== 'recall' && <Reason reason={reason} set={setReason} required={asked.act === 'cancel'} />}
        {why}
        {said}
        <button className="button primary" disabled={busy || withdraws && !preview}>{asked.title}</button>
      </form>
    </Dialog>
  )
}

// Copy sends the case to others, to know of it.
export function Copy({ id, close }: { id: string; close: () => void }) {
  const [to, setTo] = useState<string[]>([])
  const [text, setText] = useState('')
  const changed = useChanged()
  const { go, busy, said } = useAct(
    () => ok(api.POST('/api/v1/cases/{id}/copy', {
      params: { path: { id }, header: once() }, body: { to, text: text || undefined },
    })),
    t('act.done', { title: t('act.copy') }), async () => {
      close()
      await changed()
    },
  )
  return (
    <Dialog title={t('act.copy')} close={close}>
      <form onSubmit={(e) => void go(e)}>
        <p className="soft">{t('act.copy.hint')}</p>
        <People picked={to} pick={setTo} />
        <div>
          <label htmlFor="copy-text">{t('act.note')}<small className="soft"> {t('optional')}</small></label>
          <input id="copy-text" value={text} maxLength={200} onChange={(e) => setText(e.target.value)} />
        </div>
        {said}
        <button className="button primary" disabled={busy || to.length === 0}>{t('act.copy')}</button>
      </form>
    </Dialog>
  )
}
