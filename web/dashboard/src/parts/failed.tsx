import { Button } from '@mantine/core'
import { failureOf } from '../api/failure'
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
    other: 'Bei uns ist etwas schiefgegangen',
    otherText: 'Es ist notiert. Versuchen Sie es noch einmal; wenn es bleibt, sagen Sie uns, wann es war.',
  },
})

/** Says why something cannot be shown, and what to do. */
export default function Failed({ error, again, alone }: { error: unknown; again?: () => void; alone?: boolean }) {
  const t = useWords(phrases)
  const kind = failureOf(error)
  return (
    <div className="panel">
      <Empty icon={kind === 'second' ? 'shield' : 'warning'} title={t[kind]} text={t[`${kind}Text`]} alone={alone}>
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
