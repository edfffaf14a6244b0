import { useState } from 'react'
import { api, ok, once } from '../api/client'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { Button, Refused, titleOf, type Act } from '../ui/ActList'
import { Box } from '../ui/Box'
import { Ask, asks, Copy, useChanged, type Asked } from './dialogs'
import { Jump } from './repairs'
import { Skip } from './Skip'

// told are the acts on a case, the mild ones before those that end it, and the repairs of administrators last. A skip
// is one button for all parts: its dialog asks for the part.
const told = ['urge', 'copy', 'recall', 'suspend', 'resume', 'revoke', 'cancel', 'jump', 'skip', 'retry']

// refusedHere are those of which only the reasons are told here: their buttons stand with what they are done to.
const refusedHere = ['comment', 'send', 'add-row', 'finish-rows']

type Props = { id: string; acts: Act[]; title: string; elsewhere?: string[] }

// CaseActs are what one may do with the case of a task, or with a case; what cannot be done says why. Buttons that
// stand elsewhere on the page are left out.
export function CaseActs({ id, acts, title, elsewhere = [] }: Props) {
  const [open, setOpen] = useState<Act>()
  const changed = useChanged()
  const order = (a: Act) => told.indexOf(a.act)
  const parts = acts.filter((a) => a.act === 'skip' && a.may)
  const possible = acts.filter((a) => a.may && told.includes(a.act) && !elsewhere.includes(a.act))
    .filter((a) => a.act !== 'skip' || a === parts[0]).sort((a, b) => order(a) - order(b))
  const refused = acts.filter((a) => !a.may && (told.includes(a.act) || refusedHere.includes(a.act)))
  if (possible.length + refused.length === 0) return null

  async function now(a: Act) {
    try {
      const path = { id }
      await ok(a.act === 'urge'
        ? api.POST('/api/v1/cases/{id}/urge', { params: { path, header: once() }, body: {} })
        : api.POST('/api/v1/cases/{id}/retry', { params: { path }, body: { act: Number(a.on) } }))
      announce(t('act.done', { title: titleOf(a) }))
    } catch (error) {
      announce((error as Error).message)
    }
    await changed()
  }

  const close = () => setOpen(undefined)
  const plain = (a: Act) => a.act === 'urge' || a.act === 'retry'
  return (
    <Box look="acts" title={title}>
      <div className="row">
        {possible.map((a) => (
          <Button key={a.act + (a.on ?? '')} title={a.act === 'skip' ? t('skip.some') : titleOf(a)} asks={!plain(a)}
            press={() => (plain(a) ? void now(a) : setOpen(a))} />
        ))}
      </div>
      <Refused acts={refused} />
      {open && asks(open.act) && (
        <Ask id={id} asked={{ act: open.act as Asked, on: open.on, title: titleOf(open) }} close={close} />
      )}
      {open?.act === 'copy' && <Copy id={id} close={close} />}
      {open?.act === 'jump' && <Jump id={id} close={close} />}
      {open?.act === 'skip' && <Skip id={id} parts={parts.map((a) => Number(a.on))} close={close} />}
    </Box>
  )
}
