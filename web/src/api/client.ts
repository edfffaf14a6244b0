import createClient from 'openapi-fetch'
import { language } from '../texts/text'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

// Problem is a refusal of the API: its words are in the reader's language already.
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Schemas['FieldProblem'][]

  constructor(status: number, document: Partial<Schemas['ProblemDocument']>) {
    super(document.detail ?? document.title ?? String(status))
    this.status = status
    this.code = document.code ?? 'unreachable'
    this.fields = document.fields ?? []
  }
}

export const api = createClient<paths>({ baseUrl: '/' })

api.use({
  onRequest({ request }) {
    request.headers.set('Accept', 'application/json')
    request.headers.set('Accept-Language', language())
    return request
  },
})

type Answer<T> = { data?: T; error?: unknown; response: Response }

// ok takes the answer of a call, or throws its problem.
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch {
    throw new Problem(0, {})
  }
  if (!answer.response.ok) {
    throw new Problem(answer.response.status, (answer.error ?? {}) as Partial<Schemas['ProblemDocument']>)
  }
  return answer.data as T
}

// once makes the key by which a request that is sent again is not done again.
export const once = () => ({ 'Idempotency-Key': crypto.randomUUID() })
