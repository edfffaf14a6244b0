import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { api, ok, once, type Schemas } from '../api/client'
import { t, type Key } from '../texts/text'
import { announce } from '../ui/announce'
import { Dialog } from '../ui/Dialog'
import { Preview } from '../ui/Preview'
import type { Case } from './CasePage'

export type Asked = { act: 'revoke' | 'suspend' | 'resume' | 'recall'; task?: string; title: string }

// CaseActs are what one may do with the whole case: take back what one has done, end it, stop it. What comes of it is
// shown first.
export function CaseActs({ view }: { view: Case }) {
  const [asked, setAsked] = useState<Asked>()
  const acts = (view.acts ?? []).filter((a) => ['revoke', 'suspend', 'resume'].includes(a.act))
  const recalls = view.recalls ?? []
  const possible: Asked[] = [
    ...recalls.filter((r) => r.may).map((r) => ({ act: 'recall' as const, task: r.task, title: t('act.recall', { title: r.title }) })),
    ...acts.filter((a) => a.may).map((a) => ({ act: a.act as Asked['act'], title: t(`act.${a.act}` as Key) })),
  ]
  const others = [
    ...acts.filter((a) => !a.may).map((a) => ({ title: t(`act.${a.act}` as Key), reason: a.reason })),
    ...recalls.filter((r) => !r.may).map((r) => ({ title: t('act.recall', { title: r.title }), reason: r.reason })),
  ]
  if (possible.length + others.length === 0) return null
  return (
    <section className="card box acts">
      <h2>{t('acts')}</h2>
      <div className="row">
        {possible.map((a) => (
          <button key={a.act + (a.task ?? '')} className="button quiet small" onClick={() => setAsked(a)}>{a.title}</button>
        ))}
      </div>
      {others.length > 0 && (
        <details>
          <summary>{t('acts.not')}</summary>
          <ul>{others.map((a) => <li key={a.title}><b>{a.title}</b> {a.reason}</li>)}</ul>
        </details>
      )}
      {asked && <Ask id={view.id} asked={asked} close={() => setAsked(undefined)} />}
    </section>
  )
}

// Ask asks for the reason of an act, and shows first what comes of it.
export function Ask({ id, asked, close }: { id: string; asked: Asked; close: () => void }) {
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [preview, setPreview] = useState<Schemas['PreviewView']>()
  const [trouble, setTrouble] = useState('')
  const shown = asked.act === 'revoke' || asked.act === 'recall'

  function send(dry: boolean) {
    const params = { path: { id: asked.task ?? id }, header: dry ? {} : once() }
    switch (asked.act) {
      case 'recall':
        return ok(api.POST('/api/v1/tasks/{id}/recall', { params, body: { dry } }))
      case 'revoke':
        return ok(api.POST('/api/v1/cases/{id}/revoke', { params, body: { reason, dry } }))
      case 'suspend':
        return ok(api.POST('/api/v1/cases/{id}/suspend', { params, body: { reason } }))
      case 'resume':
        return ok(api.POST('/api/v1/cases/{id}/resume', { params, body: { reason } }))
    }
  }

  useEffect(() => {
    if (!shown) return
    send(true).then((r) => setPreview(r.preview)).catch((error: Error) => setTrouble(error.message))
  }, [])

  async function go(event: FormEvent) {
    event.preventDefault()
    try {
      await send(false)
      announce(t('act.done', { title: asked.title }))
      await Promise.all([queries.invalidateQueries({ queryKey: ['case', id] }), queries.invalidateQueries({ queryKey: ['cases'] })])
      close()
    } catch (error) {
      setTrouble((error as Error).message)
    }
  }

  return (
    <Dialog title={asked.title} close={close}>
      <form onSubmit={(e) => void go(e)}>
        {preview && <Preview view={preview} />}
        {asked.act !== 'recall' && (
          <div>
            <label htmlFor="act-reason">{t('act.reason')}</label>
            <input id="act-reason" value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
          </div>
        )}
        {trouble && <p className="note bad" role="alert">{trouble}</p>}
        <button className="button primary" disabled={shown && !preview}>{asked.title}</button>
      </form>
    </Dialog>
  )
}
