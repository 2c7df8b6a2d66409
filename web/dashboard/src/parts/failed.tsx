import { Button } from '@mantine/core'
import { codeOf, failureOf } from '../api/failure'
import { useWords, words } from '../words'
import { Empty } from './page'

const phrases = words({
  en: {
    again: 'Try again',
    back: 'Back to your accounts',
    offline: 'The server does not answer',
    offlineText: 'Check your connection. Nothing is lost; this page goes on where it was.',
    forbidden: 'This is not for you yet',
    forbiddenText: 'Your permissions in this account do not include it. Whoever manages its people can give it to you.',
    missing: 'There is nothing here',
    missingText: 'It does not exist, or not for you: perhaps you are signed in with another address, or it was removed.',
    closed: 'This account is not open to you',
    closedText: 'It is closed, or your membership is deactivated. Ask whoever owns it.',
    second: 'This account asks for a second factor',
    secondText: 'Turn on an authenticator app or add a passkey in your profile, and you are in with the next click.',
    profile: 'Go to your profile',
    lost: (account: string) => `You no longer have access to ${account}`,
    MEMBERSHIP_DEACTIVATED: 'Your membership was deactivated just now. Whoever manages the people of the account can give it back; your roles are kept.',
    ACCOUNT_CLOSED: 'The account was closed just now. Ask whoever owns it.',
    NOT_FOUND: 'You were removed from it just now. Whoever manages its people can invite you again.',
    other: 'Something went wrong on our side',
    otherText: 'It is noted. Try again; if it stays, tell us when it happened.',
  },
  de: {
    again: 'Noch einmal versuchen',
    back: 'Zurück zu Ihren Konten',
    offline: 'Der Server antwortet nicht',
    offlineText: 'Prüfen Sie Ihre Verbindung. Nichts ist verloren; die Seite macht weiter, wo sie war.',
    forbidden: 'Das ist noch nicht für Sie',
    forbiddenText: 'Ihre Rechte in diesem Konto reichen dafür nicht. Wer dort die Personen verwaltet, kann sie Ihnen geben.',
    missing: 'Hier ist nichts',
    missingText: 'Das gibt es nicht, oder nicht für Sie: Vielleicht sind Sie mit einer anderen Adresse angemeldet, oder es wurde entfernt.',
    closed: 'Dieses Konto steht Ihnen nicht offen',
    closedText: 'Es ist geschlossen, oder Ihre Mitgliedschaft ist deaktiviert. Fragen Sie, wem es gehört.',
    second: 'Dieses Konto verlangt einen zweiten Faktor',
    secondText: 'Richten Sie in Ihrem Profil eine Authenticator-App oder einen Passkey ein, dann sind Sie mit dem nächsten Klick drin.',
    profile: 'Zum Profil',
    lost: (account: string) => `Sie haben keinen Zugang mehr zu ${account}`,
    MEMBERSHIP_DEACTIVATED: 'Ihre Mitgliedschaft wurde gerade deaktiviert. Wer die Personen des Kontos verwaltet, kann sie zurückgeben; Ihre Rollen sind gespeichert.',
    ACCOUNT_CLOSED: 'Das Konto wurde gerade geschlossen. Fragen Sie, wem es gehört.',
    NOT_FOUND: 'Sie wurden gerade daraus entfernt. Wer dort die Personen verwaltet, kann Sie wieder einladen.',
    other: 'Bei uns ist etwas schiefgegangen',
    otherText: 'Es ist notiert. Versuchen Sie es noch einmal; wenn es bleibt, sagen Sie uns, wann es war.',
  },
})

/** Says why something cannot be shown, and what to do; with `lost`, that the account of this name could be, until now. */
export default function Failed({ error, again, alone, lost }: { error: unknown; again?: () => void; alone?: boolean; lost?: string }) {
  const t = useWords(phrases)
  const kind = failureOf(error)
  const code = codeOf(error)
  const why = lost && (code === 'MEMBERSHIP_DEACTIVATED' || code === 'ACCOUNT_CLOSED' || code === 'NOT_FOUND') ? t[code] : null
  return (
    <div className="panel" role={why ? 'alert' : undefined}>
      <Empty icon={kind === 'second' ? 'shield' : 'warning'} title={why ? t.lost(lost!) : t[kind]} text={why ?? t[`${kind}Text`]} alone={alone}>
        {(kind === 'offline' || kind === 'other') && again ? (
          <Button onClick={again} mt={8}>
            {t.again}
          </Button>
        ) : kind === 'second' ? (
          <Button component="a" href="/profile" mt={8}>
            {t.profile}
          </Button>
        ) : (
          <Button component="a" href="/accounts" variant="default" mt={8}>
            {t.back}
          </Button>
        )}
      </Empty>
    </div>
  )
}
