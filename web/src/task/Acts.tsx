import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, ok } from '../api/client'
import { t, type Key } from '../texts/text'
import { announce } from '../ui/announce'
import { HandOver, Return, Sign } from './dialogs'
import type { Task } from './TaskPage'

type Asked = 'transfer' | 'delegate' | 'add-before' | 'add-after' | 'add-beside' | 'return'

// plain acts are done by their button; asked ones ask first with whom, or where to.
const plain = ['claim', 'release'] as const
const asked: readonly string[] = ['transfer', 'delegate', 'add-before', 'add-after', 'add-beside', 'return'] satisfies Asked[]

// Acts are what can be done with a task beside completing it; those that cannot be done say why.
export function Acts({ task }: { task: Task }) {
  const [open, setOpen] = useState<Asked>()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const acts = (task.acts ?? []).filter((a) => asked.includes(a.act) || (plain as readonly string[]).includes(a.act))
  const possible = acts.filter((a) => a.may)
  const others = acts.filter((a) => !a.may && asked.includes(a.act)) // that one has it already is no news

  async function now(act: string) {
    const call = act === 'claim' ? '/api/v1/tasks/{id}/claim' as const : '/api/v1/tasks/{id}/release' as const
    try {
      await ok(api.POST(call, { params: { path: { id: task.id } } }))
      announce(t(`act.${act}.done` as Key))
      await queries.invalidateQueries({ queryKey: ['task', task.id] })
    } catch (error) {
      announce((error as Error).message)
    }
  }

  async function finished(stays: boolean) {
    setOpen(undefined)
    if (stays) await queries.invalidateQueries({ queryKey: ['task', task.id] })
    else {
      await queries.invalidateQueries({ queryKey: ['inbox'] })
      await navigate({ to: '/', replace: true })
    }
  }

  if (acts.length === 0) return null
  return (
    <section className="card box acts">
      <h2>{t('acts')}</h2>
      <div className="row">
        {possible.map((a) => (
          <button key={a.act} className="button quiet small"
            onClick={() => (asked.includes(a.act) ? setOpen(a.act as Asked) : void now(a.act))}>
            {t(`act.${a.act}` as Key)}
          </button>
        ))}
      </div>
      {others.length > 0 && (
        <details>
          <summary>{t('acts.not')}</summary>
          <ul>{others.map((a) => <li key={a.act}><b>{t(`act.${a.act}` as Key)}</b> {a.reason}</li>)}</ul>
        </details>
      )}
      {(open === 'transfer' || open === 'delegate') && <HandOver task={task} act={open} done={finished} close={() => setOpen(undefined)} />}
      {open === 'return' && <Return task={task} done={finished} close={() => setOpen(undefined)} />}
      {open?.startsWith('add-') && (
        <Sign task={task} place={open.slice(4) as 'before' | 'after' | 'beside'} done={finished} close={() => setOpen(undefined)} />
      )}
    </section>
  )
}
