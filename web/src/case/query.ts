import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../api/client'

// oneCase is a case as its page shows it; it may be asked for by its number.
export const oneCase = (id: string) => queryOptions({
  queryKey: ['case', id],
  queryFn: () => ok(api.GET('/api/v1/cases/{id}', { params: { path: { id } } })),
})
