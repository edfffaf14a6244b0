import { language } from '../texts/text'

// paper is the address of a document that a case has issued, as it was then, to be printed.
export const paper = (of: string, { document, edition }: { document: string; edition: number }) =>
  `/api/v1/cases/${encodeURIComponent(of)}/documents/${encodeURIComponent(document)}` +
  `?edition=${edition}&lang=${language()}`
