import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

type Saying = { text: string; undo?: { label: string; run: () => void } }
const Say = createContext<(saying: Saying) => void>(() => {})

/** Says in a corner that something was done, and offers to take it back. */
export function Sayings({ children }: { children: ReactNode }) {
  const [saying, say] = useState<Saying | null>(null)
  useEffect(() => {
    if (!saying) return
    const gone = setTimeout(() => say(null), saying.undo ? 12_000 : 6_000)
    return () => clearTimeout(gone)
  }, [saying])
  return (
    <Say value={say}>
      {children}
      <div role="status" aria-live="polite">
        {saying && (
          <div className="said">
            <span>{saying.text}</span>
            {saying.undo && (
              <button
                type="button"
                onClick={() => {
                  say(null)
                  saying.undo?.run()
                }}
              >
                {saying.undo.label}
              </button>
            )}
          </div>
        )}
      </div>
    </Say>
  )
}
export const useSay = () => useContext(Say)
