import { useRef, useState } from 'react'
import { newKey, Problem } from '../api/client'
import { t } from '../texts/text'
import type { FormState } from './useForm'
import type { Tried, Values } from './values'

type Post = (values: Values, header: { 'Idempotency-Key': string }) => Promise<unknown>

// useSend sends what is filled in, once: under the same key until it is known what became of it. What is refused is
// said in the form.
export function useSend(state: FormState) {
  const [busy, setBusy] = useState(false)
  const key = useRef('')

  // send tells whether it was done.
  async function send(post: Post, check?: (values: Values) => Promise<Tried>): Promise<boolean> {
    setBusy(true)
    try {
      const values = await state.finish(check)
      if (values) {
        key.current ||= newKey()
        await post(values, { 'Idempotency-Key': key.current })
        return true
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.status !== 0) key.current = ''
      state.refuse(error.status === 0 ? new Problem(0, { detail: t('trouble.unreachable.hint') }) : error)
    } finally {
      setBusy(false)
    }
    return false
  }
  return { busy, send }
}
