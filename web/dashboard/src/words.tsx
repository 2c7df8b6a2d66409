import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

type Phrases = Record<string, string | ((...values: any[]) => string)>
type Translated<P> = { [K in keyof P]: P[K] extends (...values: infer V) => string ? (...values: V) => string : string }

/**
 * What one file says, in every language. It stands in that file, so it is loaded with
 * it, and a phrase that has no translation does not compile.
 */
export const words = <P extends Phrases>(phrases: { en: P; de: Translated<P> }) => phrases as unknown as Record<Language, P>

const KEY = 'tenantry-language'
const known = (tag: string | null | undefined): Language | undefined =>
  (Object.keys(languages) as Language[]).find((l) => l === tag?.toLowerCase().split('-')[0])

const Chosen = createContext<{ language: Language; choose: (language: Language) => void; prefer: (tag: string) => void }>({
  language: 'en',
  choose() {},
  prefer() {},
})

/** Knows the language: what was chosen here, else the signed-in person's, else the browser's. */
export function Languages({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => known(localStorage.getItem(KEY)))
  const [preferred, prefer] = useState('')
  const language = chosen ?? known(preferred) ?? navigator.languages.map(known).find(Boolean) ?? 'en'
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const value = useMemo(
    () => ({
      language,
      prefer,
      choose(next: Language) {
        localStorage.setItem(KEY, next)
        setChosen(next)
      },
    }),
    [language],
  )
  return <Chosen value={value}>{children}</Chosen>
}

export const useLanguage = () => useContext(Chosen)

/** The phrases of a dictionary in the language of the page. */
export const useWords = <P extends Phrases>(phrases: Record<Language, P>): P => phrases[useLanguage().language]

const day = 86_400_000

/** How dates and numbers are written in a language. */
function formats(language: Language) {
  const locale = language === 'en' ? (navigator.languages.find((l) => l.startsWith('en')) ?? 'en-GB') : language
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const list = new Intl.ListFormat(language)
  const units = [['year', 365 * day], ['month', 30 * day], ['day', day], ['hour', 3_600_000], ['minute', 60_000]] as const
  return {
    date: (time: string) => date.format(new Date(time)),
    moment: (time: string) => moment.format(new Date(time)),
    list: (items: string[]) => list.format(items),
    /** As seen from now: "in 3 days", "20 minutes ago". */
    ago(time: string) {
      const away = new Date(time).getTime() - Date.now()
      const [unit, size] = units.find(([, size]) => Math.abs(away) >= size) ?? ['minute', 60_000]
      return relative.format(Math.round(away / size), unit)
    },
  }
}
const written = { en: formats('en'), de: formats('de') }
export const useFormat = () => written[useLanguage().language]

/** A time as seen from now, with the whole of it for those who point at it. */
export function Ago({ at }: { at: string }) {
  const format = useFormat()
  return (
    <time dateTime={at} title={format.moment(at)}>
      {format.ago(at)}
    </time>
  )
}
