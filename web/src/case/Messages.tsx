import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, ok, once, Problem, type Schemas } from '../api/client'
import { Form } from '../form/Form'
import { useForm } from '../form/useForm'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { Dialog } from '../ui/Dialog'
import type { Case } from './CasePage'

type Message = Schemas['MessageView']

// Messages are what one may tell the case by hand.
export function Messages({ view }: { view: Case }) {
  const [open, setOpen] = useState<Message>()
  const list = view.messages ?? []
  if (list.length === 0) return null
  return (
    <section className="card box">
      <h2>{t('messages')}</h2>
      <div className="row">
        {list.map((m) => <button key={m.name} className="button quiet small" onClick={() => setOpen(m)}>{m.title}</button>)}
      </div>
      {open && <Send view={view} message={open} close={() => setOpen(undefined)} />}
    </section>
  )
}

function Send({ view, message, close }: { view: Case; message: Message; close: () => void }) {
  const queries = useQueryClient()
  const path = { id: view.id, name: message.name }
  const state = useForm(['message', view.id, message.name], message.form, {}, (values) =>
    ok(api.POST('/api/v1/cases/{id}/messages/{name}/try', { params: { path }, body: { values } })))

  async function send(event: FormEvent) {
    event.preventDefault()
    try {
      const values = await state.finish()
      if (!values) return
      await ok(api.POST('/api/v1/cases/{id}/messages/{name}', { params: { path, header: once() }, body: { values } }))
      announce(t('messages.sent', { title: message.title }))
      await queries.invalidateQueries({ queryKey: ['case', view.id] })
      close()
    } catch (error) {
      if (error instanceof Problem) state.refuse(error)
    }
  }

  return (
    <Dialog title={message.title} close={close}>
      <form onSubmit={(e) => void send(e)}>
        <Form state={state} />
        <button className="button primary">{t('messages.send')}</button>
      </form>
    </Dialog>
  )
}
