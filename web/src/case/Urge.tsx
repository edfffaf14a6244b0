import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok, once } from '../api/client'
import { t } from '../texts/text'
import { announce } from '../ui/announce'

// Urge asks those who have a case to hurry.
export function Urge({ id, of }: { id: string; of?: string }) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  async function urge() {
    setBusy(true)
    try {
      await ok(api.POST('/api/v1/cases/{id}/urge', { params: { path: { id }, header: once() }, body: {} }))
      announce(t('urge.done'))
      await queries.invalidateQueries({ queryKey: ['case'] })
    } catch (error) {
      announce((error as Error).message)
    }
    setBusy(false)
  }
  return (
    <button className="button quiet small" disabled={busy} onClick={() => void urge()}>
      {t('urge')}{of && <span className="hidden"> {of}</span>}
    </button>
  )
}
