import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/client'
import { office, self } from './api/queries'
import './app/base.css'
import { whenBack } from './app/line'
import { makeRouter } from './router'
import { speak } from './texts/text'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the API refuses, it refuses again; only what did not reach it is tried anew.
      retry: (count, error) => error instanceof Problem && (error.status === 0 || error.status === 503) && count < 3,
    },
  },
})

// What could not be read while the line was cut is read when it is there again.
whenBack(() => void queries.refetchQueries({ predicate: (q) => q.state.status === 'error' }))

// What the first view needs is asked for at once, not when the view has come.
if (!location.pathname.startsWith('/sign-in')) {
  void queries.prefetchQuery(self)
  void queries.prefetchQuery(office)
}
if (location.pathname === '/') void import('./inbox/Inbox')

await speak()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={makeRouter(queries)} />
    </QueryClientProvider>
  </StrictMode>,
)
