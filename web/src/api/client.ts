import createClient from 'openapi-fetch'
import { lost } from '../app/line'
import { language, t } from '../texts/text'
import type { components, paths } from './schema'
import { keep, lose } from './seat'

export type Schemas = components['schemas']

// Problem is a refusal of the API: its words are in the reader's language already.
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title?: string
  readonly args: Record<string, string>
  readonly fields: Schemas['FieldProblem'][]

  constructor(status: number, document: Partial<Schemas['ProblemDocument']>) {
    super(document.detail ?? document.title ?? String(status))
    this.status = status
    this.code = document.code ?? 'unreachable'
    this.title = document.title
    this.args = document.args ?? {}
    this.fields = document.fields ?? []
  }
}

// A browser has one session for all its windows: each says by whom it was opened, and is refused when another has
// signed in since.
let opener = ''

export function openedBy(me: Schemas['Me']) {
  opener = `${me.office}/${encodeURIComponent(me.id)}`
  keep()
}

// headers are those of every request.
export const headers = (): Record<string, string> => ({
  Accept: 'application/json', 'Accept-Language': language(), ...(opener && { 'Guicheng-Person': opener }),
})

export const api = createClient<paths>({ baseUrl: '/' })

api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers())) request.headers.set(name, value)
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
    lost()
    throw new Problem(0, { detail: t('trouble.unreachable') })
  }
  if (!answer.response.ok) throw refusal(answer.response, answer.error)
  keep()
  return answer.data as T
}

// refusal is the problem of an answer. That the session is over or another's is told by the page as a whole, too.
export function refusal(response: Response, document: unknown): Problem {
  const problem = new Problem(response.status, (document ?? {}) as Partial<Schemas['ProblemDocument']>)
  const nobody = problem.status === 401
  if (opener && (nobody || problem.code === 'other-person')) lose(problem.message, nobody)
  return problem
}

// newKey is one that nobody has had. (crypto.randomUUID is not there where an office serves its own network by plain
// HTTP.)
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

// once makes the key by which a request that is sent again is not done again.
export const once = () => ({ 'Idempotency-Key': newKey() })
