import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, ok } from '../api/client'

// copies are what was sent to one for information, the newest first.
export const copies = infiniteQueryOptions({
  queryKey: ['copies'],
  queryFn: ({ pageParam }) => ok(api.GET('/api/v1/copies', { params: { query: { after: pageParam, limit: 50 } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next || undefined,
})
