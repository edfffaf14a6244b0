import type hant from './zh-Hant.json'

export type Key = keyof typeof hant
export type Language = 'zh-Hant' | 'zh-Hans' | 'en'

export const languages: [Language, string][] = [
  ['zh-Hant', '繁體中文'],
  ['zh-Hans', '简体中文'],
  ['en', 'English'],
]

const catalogues: Record<Language, () => Promise<{ default: Record<Key, string> }>> = {
  'zh-Hant': () => import('./zh-Hant.json'),
  'zh-Hans': () => import('./zh-Hans.json'),
  en: () => import('./en.json'),
}

const kept = 'guicheng.language'
const spoken: Language = chosen() ?? wished()
let words = {} as Record<Key, string>

export const language = () => spoken

export function chosen(): Language | undefined {
  return languages.find(([id]) => id === localStorage.getItem(kept))?.[0]
}

// choose begins anew: titles and sentences of the API are in the language, too.
export function choose(lang: Language) {
  localStorage.setItem(kept, lang)
  location.reload()
}

// wished is the first of the browser's languages that there are words for.
function wished(): Language {
  for (const tag of navigator.languages) {
    if (/^en\b/i.test(tag)) return 'en'
    if (/^zh\b/i.test(tag)) return /hans|cn|sg|my/i.test(tag) ? 'zh-Hans' : 'zh-Hant'
  }
  return 'zh-Hant'
}

export async function speak() {
  words = (await catalogues[spoken]()).default
  document.documentElement.lang = spoken
}

// listed joins things as the language does. (Intl.ListFormat leaves the marks out in Chinese, or says "and".)
export const listed = (things: string[]) => things.join(t('list'))

// t says a text of the catalogue; {name} in it stands for an argument.
export function t(key: Key, args: Record<string, string | number> = {}): string {
  return (words[key] ?? '').replace(/\{(\w+)\}/g, (all, name: string) => String(args[name] ?? all))
}
