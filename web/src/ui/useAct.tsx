import { useState, type FormEvent } from 'react'
import { announce } from './announce'

// useAct does an act once, and shows why it was refused.
export function useAct(act: () => Promise<unknown>, said: string, after: () => Promise<void>) {
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  async function go(event?: FormEvent) {
    event?.preventDefault()
    setBusy(true)
    try {
      await act()
      announce(said)
      await after()
    } catch (error) {
      setTrouble((error as Error).message)
    }
    setBusy(false)
  }
  return { go, busy, said: trouble && <p className="note bad" role="alert">{trouble}</p> }
}
