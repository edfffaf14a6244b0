import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, ok, once } from '../api/client'
import { useOffice } from '../api/queries'
import { t } from '../texts/text'
import { announce } from '../ui/announce'
import { moment } from '../ui/time'
import './story.css'

// Sayings are the words that people put on the record of a case, and to whom it was copied.
export function Sayings({ id, may }: { id: string; may: boolean }) {
  const zone = useOffice().zone
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const said = useQuery({
    queryKey: ['case', id, 'comments'],
    queryFn: () => ok(api.GET('/api/v1/cases/{id}/comments', { params: { path: { id } } })),
  }).data
  const copies = said?.copies ?? []
  async function say(event: FormEvent) {
    event.preventDefault()
    try {
      await ok(api.POST('/api/v1/cases/{id}/comments', { params: { path: { id }, header: once() }, body: { text } }))
      setText('')
      await queries.invalidateQueries({ queryKey: ['case'] })
    } catch (error) {
      announce((error as Error).message)
    }
  }
  return (
    <>
      <ul className="sayings">
        {(said?.comments ?? []).map((c, i) => (
          <li key={i}><b>{c.by_name}</b> <small className="soft">{moment(c.at, zone)}</small><p>{c.text}</p></li>
        ))}
      </ul>
      {copies.length > 0 && (
        <>
          <h3>{t('copies.to')}</h3>
          <ul className="sayings">
            {copies.map((c) => (
              <li key={c.to}>{c.to_name} <span className="tag">{t(c.read ? 'copies.read' : 'copies.unread')}</span></li>
            ))}
          </ul>
        </>
      )}
      {may && <form className="say" aria-label={t('case.comments')} onSubmit={(e) => void say(e)}>
        <textarea aria-label={t('comment')} placeholder={t('comment')} rows={2} maxLength={2000} required value={text}
          onChange={(e) => setText(e.target.value)} />
        <button className="button small">{t('comment.do')}</button>
      </form>}
    </>
  )
}
