import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, ok } from '../api/client'
import { t, type Key } from '../texts/text'
import { announce } from '../ui/announce'
import { Button, Refused, titleOf } from '../ui/ActList'
import { Box } from '../ui/Box'
import { HandOver, Return, Sign } from './dialogs'
import type { Task } from './TaskPage'

// plain acts are done by their button; asked ones ask first with whom, or where to. To take a signer out stands beside
// him, and what is done with the form stands below it.
const plain = ['claim', 'release']
const asked = ['transfer', 'delegate', 'add-before', 'add-after', 'add-beside', 'return']
const told = [...plain, ...asked, 'remove-signer']

// Acts are what can be done with a task beside completing it; those that cannot be done say why.
export function Acts({ task }: { task: Task }) {
  const [open, setOpen] = useState('')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const added = (task.signers ?? []).some((s) => s.parent) // without them nobody thinks of taking one out
  const acts = (task.acts ?? []).filter((a) => told.includes(a.act) && (added || a.act !== 'remove-signer'))
  const possible = acts.filter((a) => a.may && a.act !== 'remove-signer')

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
    setOpen('')
    if (stays) await queries.invalidateQueries({ queryKey: ['task', task.id] })
    else {
      await queries.invalidateQueries({ queryKey: ['inbox'] })
      await navigate({ to: '/', replace: true })
    }
  }

  const close = () => setOpen('')
  return (
    <Box look="acts" title={t('acts')}>
      <div className="row">
        {possible.map((a) => (
          <Button key={a.act} title={titleOf(a)} asks={!plain.includes(a.act)}
            press={() => (plain.includes(a.act) ? void now(a.act) : setOpen(a.act))} />
        ))}
      </div>
      <Refused acts={acts} />
      {(open === 'transfer' || open === 'delegate') && (
        <HandOver task={task} act={open} done={finished} close={close} />
      )}
      {open === 'return' && <Return task={task} done={finished} close={close} />}
      {open.startsWith('add-') && (
        <Sign task={task} place={open.slice(4) as 'before' | 'after' | 'beside'} done={finished} close={close} />
      )}
    </Box>
  )
}
