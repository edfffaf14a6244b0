import { useState, type FormEvent } from 'react'
import { api, ok, once, Problem, type Schemas } from '../api/client'
import { Form } from '../form/Form'
import { useForm } from '../form/useForm'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { Button, type Act } from '../ui/ActList'
import { Box } from '../ui/Box'
import { Dialog } from '../ui/Dialog'
import { comesTo, Preview } from '../ui/Preview'
import type { Case } from './CasePage'
import { useChanged } from './dialogs'

type Message = Schemas['MessageView']

// Messages are what one may tell the case by hand.
export function Messages({ view, acts }: { view: Case; acts: Act[] }) {
  const [open, setOpen] = useState<Message>()
  const list = (view.messages ?? []).filter((m) => acts.some((a) => a.act === 'send' && a.on === m.name && a.may))
  if (list.length === 0) return null
  return (
    <Box look="acts" title={t('messages')}>
      <div className="row">
        {list.map((m) => <Button key={m.name} title={m.title} press={() => setOpen(m)} />)}
      </div>
      {open && <Send view={view} message={open} close={() => setOpen(undefined)} />}
    </Box>
  )
}

// Send tells the case. Where that would take something back, it shows so, and asks once more.
function Send({ view, message, close }: { view: Case; message: Message; close: () => void }) {
  const changed = useChanged()
  const path = { id: view.id, name: message.name }
  const state = useForm(['message', view.id, message.name], message.form, {}, (values) =>
    ok(api.POST('/api/v1/cases/{id}/messages/{name}/try', { params: { path }, body: { values } })))
  const [shown, setShown] = useState<{ of: unknown; preview: Schemas['PreviewView'] }>()
  const preview = shown?.of === state.written ? shown.preview : undefined // what is changed after it is looked at anew

  async function send(event: FormEvent) {
    event.preventDefault()
    try {
      const values = await state.finish()
      if (!values) return
      const post = (dry: boolean) => ok(api.POST('/api/v1/cases/{id}/messages/{name}', {
        params: { path, header: dry ? {} : once() }, body: { values, dry },
      }))
      const would = preview ? undefined : (await post(true)).preview
      if (would && comesTo(would)) {
        setShown({ of: state.written, preview: would })
        state.again()
        return
      }
      await post(false)
      announce(t('messages.sent', { title: message.title }))
      close()
      await changed()
    } catch (error) {
      if (error instanceof Problem) state.refuse(error)
    }
  }

  return (
    <Dialog title={message.title} close={close}>
      <form onSubmit={(e) => void send(e)}>
        <Form state={state} />
        {preview && <Preview view={preview} />}
        <button className="button primary">{t(preview ? 'messages.send.so' : 'messages.send')}</button>
      </form>
    </Dialog>
  )
}
