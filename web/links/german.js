// What the pages say, in German: by what they say in English. {name} stands for an element
// with data-value="name", and in phrases of page.js for a value. A test sees to it that
// nothing is missing, and that nothing is left over.

export const phrases = {
  // Titles
  'Confirm the address': 'Adresse bestätigen',
  Invitation: 'Einladung',
  'This was not me': 'Das war ich nicht',
  'Signing in': 'Anmeldung',
  'Your mails': 'Ihre Mails',
  'Transfer of ownership': 'Übergabe eines Kontos',
  'Take the address back': 'Adresse zurückholen',
  'Unknown sender': 'Unbekannter Absender',
  Unsubscribed: 'Abgemeldet',
  'Not unsubscribed': 'Nicht abgemeldet',

  // Everywhere
  'One more step': 'Noch ein Schritt',
  'Something went wrong': 'Etwas ist schiefgegangen',
  'Try again': 'Noch einmal versuchen',
  'Go on': 'Weiter',
  'Begin again': 'Von vorn beginnen',
  'Look into your mail': 'Sehen Sie in Ihre Mail',
  'Is it you?': 'Sind Sie es?',
  'This link is not complete': 'Dieser Link ist nicht vollständig',
  'Open the link in the mail again. If your mail program breaks it in two, copy all of it into the address bar.':
    'Öffnen Sie den Link in der Mail noch einmal. Wenn Ihr Mailprogramm ihn umbricht, kopieren Sie ihn ganz in die Adresszeile.',
  'This link no longer works': 'Dieser Link gilt nicht mehr',
  'This link does not work': 'Dieser Link gilt nicht',
  'This link does not work here': 'Dieser Link gilt hier nicht',
  'Email address': 'E-Mail-Adresse',
  Address: 'Adresse',
  Password: 'Passwort',
  'Your name': 'Ihr Name',
  'Leave it empty if you have told us already.': 'Lassen Sie es leer, wenn Sie ihn uns schon genannt haben.',
  'At least 10 characters, hard to guess. Several words in a row are good.': 'Mindestens 10 Zeichen, schwer zu erraten. Mehrere Wörter hintereinander sind gut.',
  'Sign in': 'Anmelden',
  'Sign out': 'Abmelden',
  'Sign up': 'Registrieren',
  'Forgot your password?': 'Passwort vergessen?',
  'Forgot your password, or have none?': 'Passwort vergessen, oder keines?',
  'Your sign-in is protected by a second factor.': 'Ihre Anmeldung ist durch einen zweiten Faktor geschützt.',
  'Use a passkey': 'Passkey verwenden',
  'Code of your authenticator app': 'Code Ihrer Authenticator-App',
  'Code of your authenticator app, or a recovery code': 'Code Ihrer Authenticator-App oder ein Wiederherstellungscode',
  'A recovery code': 'Ein Wiederherstellungscode',
  'It is a passkey, and this browser cannot use one here. Sign in with another browser.':
    'Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen Browser an.',
  'No passkey was used. Try again, or go on in another way.': 'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder auf andere Weise.',
  'Prove it once more for this. You are signed in as {email}.': 'Zeigen Sie es dafür noch einmal. Sie sind angemeldet als {email}.',
  'Sign out and go on': 'Abmelden und weiter',
  Accept: 'Annehmen',
  Decline: 'Ablehnen',
  Declined: 'Abgelehnt',
  'Thank you': 'Danke',
  'The server does not answer. Try again in a moment.': 'Der Server antwortet nicht. Versuchen Sie es gleich noch einmal.',

  // Another address
  'Confirm your new address': 'Bestätigen Sie Ihre neue Adresse',
  'You are signed in as {name}, {email}. From now on you sign in with the address to which the mail came, and no longer with this one. Everything else that is signed in is signed out.':
    'Sie sind angemeldet als {name}, {email}. Von jetzt an melden Sie sich mit der Adresse an, an die die Mail kam, und nicht mehr mit dieser. Alles andere, was angemeldet ist, wird abgemeldet.',
  'I am somebody else': 'Ich bin jemand anderes',
  'Sign in to confirm your new address': 'Melden Sie sich an, um Ihre neue Adresse zu bestätigen',
  'With the address that you have used so far.': 'Mit der Adresse, die Sie bisher verwenden.',
  'Your address is changed': 'Ihre Adresse ist geändert',
  'You sign in with {email} now. A mail to the old address says so, and how to take it back.':
    'Sie melden sich jetzt mit {email} an. Eine Mail an die alte Adresse sagt das, und wie es sich zurücknehmen lässt.',
  'This address is in use': 'Diese Adresse ist vergeben',
  'Somebody signs in with it meanwhile, so your own address stays as it is.': 'Inzwischen meldet sich jemand damit an, darum bleibt Ihre Adresse, wie sie ist.',
  'It was used, is older than 24 hours, or you asked for another address since; or the person who asked is not the one who is signed in here. Sign in as that person, or ask again.':
    'Er wurde benutzt, ist älter als 24 Stunden, oder Sie haben seitdem eine andere Adresse gewünscht; oder hier ist jemand anderes angemeldet als die Person, die ihn wollte. Melden Sie sich als diese Person an, oder fordern Sie ihn neu an.',
  'Sign in as somebody else': 'Als jemand anderes anmelden',
  'Was it not you who changed the address?': 'Haben nicht Sie die Adresse geändert?',
  'Then take it back: you sign in with the old address again, everybody who is signed in as you is signed out, and the password no longer works. A mail to the old address lets you set a new one.':
    'Dann holen Sie sie zurück: Sie melden sich wieder mit der alten Adresse an, alle, die als Sie angemeldet sind, werden abgemeldet, und das Passwort gilt nicht mehr. Mit einer Mail an die alte Adresse setzen Sie ein neues.',
  'Take it back': 'Zurückholen',
  'The old address is back': 'Die alte Adresse ist zurück',
  'Everybody is signed out. A link for a new password is on its way to the old address; it works for 30 minutes.':
    'Alle sind abgemeldet. Ein Link für ein neues Passwort ist unterwegs zur alten Adresse; er gilt 30 Minuten.',
  'Send another link': 'Noch einen Link schicken',
  'The old address is in use': 'Die alte Adresse ist vergeben',
  'Somebody has signed up with it meanwhile. Write to us, and we sort it out.': 'Inzwischen hat sich jemand damit registriert. Schreiben Sie uns, und wir klären es.',

  // Passwords
  'We send you a link to set a new one.': 'Wir schicken Ihnen einen Link, um ein neues zu setzen.',
  'Send the link': 'Link schicken',
  'Back to sign-in': 'Zurück zur Anmeldung',
  'Back to signing in': 'Zurück zur Anmeldung',
  'If {email} can sign in here, a link is on its way. It works for 30 minutes.': 'Wenn sich {email} hier anmelden kann, ist ein Link unterwegs. Er gilt 30 Minuten.',
  'Set a new password': 'Ein neues Passwort setzen',
  'You will be signed out everywhere.': 'Sie werden überall abgemeldet.',
  'Set the password': 'Passwort setzen',
  'Your new password holds': 'Ihr neues Passwort gilt',
  'Every session has ended. Sign in again with it.': 'Jede Sitzung ist beendet. Melden Sie sich damit neu an.',
  'It was used, is older than 30 minutes, or the password was changed since. Ask for a new one.':
    'Er wurde benutzt, ist älter als 30 Minuten, oder das Passwort wurde seitdem geändert. Fordern Sie einen neuen an.',
  'Send a new link': 'Neuen Link schicken',

  // Invitations
  'Join {account}': '{account} beitreten',
  '{inviter} invites you to join.': '{inviter} lädt Sie ein beizutreten.',
  Role: 'Rolle',
  For: 'Für',
  'Open until': 'Offen bis',
  'Access until': 'Zugang bis',
  'You are signed in as {name}, {email}.': 'Sie sind angemeldet als {name}, {email}.',
  'Not you? Sign out': 'Nicht Sie? Abmelden',
  'Sign in and accept': 'Anmelden und annehmen',
  'Sign in with that address to accept.': 'Melden Sie sich mit dieser Adresse an, um anzunehmen.',
  'Sign in with the address that was invited.': 'Melden Sie sich mit der eingeladenen Adresse an.',
  'Somebody gave you this link. Are you new here?': 'Jemand hat Ihnen diesen Link gegeben. Sind Sie neu hier?',
  'I am new: send me a mail': 'Ich bin neu: eine Mail schicken',
  'I can sign in already': 'Ich kann mich schon anmelden',
  'A message is on its way to the address that was invited. Its link leads on from here, and shows that the address is yours.':
    'Eine Nachricht ist unterwegs an die eingeladene Adresse. Ihr Link führt von hier weiter und zeigt, dass die Adresse Ihre ist.',
  'This invitation is for somebody else': 'Diese Einladung gilt jemand anderem',
  'It is for {invited}, and you are signed in as {email}.': 'Sie gilt {invited}, und Sie sind angemeldet als {email}.',
  'If both are yours, sign out and go on with the invited address. If not, ask {inviter} to invite the address you use.':
    'Wenn beide Ihre sind, melden Sie sich ab und machen Sie mit der eingeladenen Adresse weiter. Wenn nicht, bitten Sie {inviter}, die Adresse einzuladen, die Sie verwenden.',
  'You did not join {account}. Nothing else is needed.': 'Sie sind {account} nicht beigetreten. Mehr ist nicht nötig.',
  'This invitation was accepted': 'Diese Einladung wurde angenommen',
  'If that was you, {account} is among your accounts.': 'Wenn Sie das waren, ist {account} unter Ihren Konten.',
  'This invitation was declined': 'Diese Einladung wurde abgelehnt',
  'If you have changed your mind, ask {inviter} for a new one.': 'Wenn Sie es sich anders überlegt haben, bitten Sie {inviter} um eine neue.',
  'This invitation was withdrawn': 'Diese Einladung wurde zurückgezogen',
  'Ask {inviter} at {account} if you expected it to work.': 'Fragen Sie {inviter} bei {account}, wenn Sie damit gerechnet haben.',
  'This invitation has lapsed': 'Diese Einladung ist abgelaufen',
  'It was open until {until}. Ask {inviter} at {account} to send it again.': 'Sie war offen bis {until}. Bitten Sie {inviter} bei {account}, sie noch einmal zu schicken.',
  'A newer mail may have replaced it: look for the latest one. If there is none, ask whoever invited you to send it again.':
    'Vielleicht hat ihn eine neuere Mail ersetzt: Suchen Sie die letzte. Gibt es keine, bitten Sie darum, die Einladung noch einmal zu schicken.',
  'You are in: {account}': 'Sie sind drin: {account}',
  'another address': 'einer anderen Adresse',
  'Somebody there': 'Jemand dort',
  Member: 'Mitglied',
  'You do not know the sender?': 'Sie kennen den Absender nicht?',
  'Then the invitation is declined, and the account it came from can no longer invite your address. Other accounts still can.':
    'Dann wird die Einladung abgelehnt, und das Konto, von dem sie kam, kann Ihre Adresse nicht mehr einladen. Andere Konten können es weiterhin.',
  'Stop invitations from this sender': 'Keine Einladungen mehr von diesem Absender',
  Stopped: 'Abgestellt',
  'This sender can no longer invite you. Nothing else is needed.': 'Dieser Absender kann Sie nicht mehr einladen. Mehr ist nicht nötig.',
  'A newer mail may have replaced it. You need not do anything: an invitation that nobody accepts lapses by itself.':
    'Vielleicht hat ihn eine neuere Mail ersetzt. Sie müssen nichts tun: Eine Einladung, die niemand annimmt, läuft von selbst ab.',

  // This was not me
  'Was it not you?': 'Waren Sie das nicht?',
  'Then you are signed out everywhere, in every browser and every app. Your password stops working, and a link to a new one is mailed to you.':
    'Dann werden Sie überall abgemeldet, in jedem Browser und jeder App. Ihr Passwort gilt nicht mehr, und Sie bekommen einen Link zu einem neuen.',
  'It was not me: sign me out everywhere': 'Das war ich nicht: überall abmelden',
  'You are signed out everywhere': 'Sie sind überall abgemeldet',
  'Look into your mail: there is a link to a new password. It works for 30 minutes.': 'Sehen Sie in Ihre Mail: Dort ist ein Link zu einem neuen Passwort. Er gilt 30 Minuten.',
  'You have said so already': 'Das haben Sie schon gesagt',
  'Everything was ended then. If you have no new password yet, and the link to one is too old, ask for another.':
    'Damals wurde alles beendet. Wenn Sie noch kein neues Passwort haben und der Link dazu zu alt ist, fordern Sie einen anderen an.',
  'Ask for a link to a new password': 'Link zu einem neuen Passwort anfordern',
  'It is good for 7 days. If you still think that somebody else can sign in as you, choose a new password.':
    'Er gilt 7 Tage. Wenn Sie noch immer glauben, dass sich jemand anderes als Sie anmelden kann, wählen Sie ein neues Passwort.',

  // Providers
  'Continue with {label}': 'Weiter mit {label}',
  'You are here already': 'Sie sind schon hier',
  'You are not signed in': 'Sie sind nicht angemeldet',
  'There is a user with your address. Prove once that it is you, and from then on you can sign in either way.':
    'Ihre Adresse gibt es hier schon. Zeigen Sie einmal, dass Sie es sind, und von da an können Sie sich auf beide Arten anmelden.',
  'Your password here': 'Ihr Passwort hier',
  'Connect the two': 'Beides verbinden',
  'It was declined there, or given up.': 'Es wurde dort abgelehnt oder aufgegeben.',
  'It could not be done there.': 'Es ging dort nicht.',
  'This page finishes a sign-in, and there is none to finish.': 'Diese Seite beendet eine Anmeldung, und es gibt keine zu beenden.',

  // Signing in and up
  'Where do you want to work?': 'Wo möchten Sie arbeiten?',
  'Sign in with a passkey': 'Mit einem Passkey anmelden',
  'New here?': 'Neu hier?',
  'You are signed in': 'Sie sind angemeldet',
  'As {name}, {email}.': 'Als {name}, {email}.',
  'You belong to no account yet.': 'Sie gehören noch zu keinem Konto.',
  'These accounts have invited you: {names}.': 'Diese Konten haben Sie eingeladen: {names}.',
  'These accounts have invited you: {names}. Open the link in the mail to join.': 'Diese Konten haben Sie eingeladen: {names}. Öffnen Sie den Link in der Mail, um beizutreten.',
  'We send a link to your address, to see that it is yours.': 'Wir schicken einen Link an Ihre Adresse, um zu sehen, dass sie Ihre ist.',
  'A message to {email} is on its way. Its link works for 24 hours.': 'Eine Nachricht an {email} ist unterwegs. Ihr Link gilt 24 Stunden.',
  'Who are you?': 'Wer sind Sie?',
  'Welcome, {name}': 'Willkommen, {name}',
  'It was used, or is older than 24 hours. If you signed up already, sign in; otherwise begin again.':
    'Er wurde benutzt oder ist älter als 24 Stunden. Wenn Sie sich schon registriert haben, melden Sie sich an; sonst beginnen Sie von vorn.',

  // An account that changes hands
  'Sign in to see the offer': 'Melden Sie sich an, um das Angebot zu sehen',
  'It is about who owns an account.': 'Es geht darum, wem ein Konto gehört.',
  'Take over {account}?': '{account} übernehmen?',
  '{from} offers you the account and its sub-accounts. As its owner you may do everything in it, and answer for it; {from} stays as an administrator.':
    '{from} bietet Ihnen das Konto mit seinen Unterkonten an. Als Inhaber dürfen Sie alles darin und stehen dafür ein; {from} bleibt als Administrator.',
  'You are': 'Sie sind',
  'Take it over': 'Übernehmen',
  'You become the owner of {account}': 'Ihnen wird {account} gehören',
  'The company that runs this portal hands the account and its sub-accounts over to you, since {from} can no longer be reached. It takes effect by itself, unless the owner objects. If you want it, there is nothing for you to do.':
    'Das Unternehmen, das dieses Portal betreibt, übergibt Ihnen das Konto mit seinen Unterkonten, weil {from} nicht mehr zu erreichen ist. Es gilt von selbst, außer der Inhaber widerspricht. Wenn Sie es wollen, müssen Sie nichts tun.',
  'Takes effect': 'Gilt ab',
  'Keep {account}?': '{account} behalten?',
  'The company that runs this portal was told that you can no longer be reached, and hands the account over to {to}. You are here, so you can stop it.':
    'Dem Unternehmen, das dieses Portal betreibt, wurde gesagt, dass Sie nicht mehr zu erreichen sind, und es übergibt das Konto {to}. Sie sind da, also können Sie es aufhalten.',
  'Stop it, I am the owner': 'Aufhalten, das Konto gehört mir',
  '{account} gets a new owner': '{account} bekommt einen neuen Inhaber',
  'The company that runs this portal hands the account over from {from} to {to}, since the owner can no longer be reached. Only the owner can stop it. If you know of a reason against it, write to the company before that day.':
    'Das Unternehmen, das dieses Portal betreibt, übergibt das Konto von {from} an {to}, weil der Inhaber nicht mehr zu erreichen ist. Nur der Inhaber kann es aufhalten. Wenn Sie einen Grund dagegen kennen, schreiben Sie dem Unternehmen vor diesem Tag.',
  'You keep {account}': 'Sie behalten {account}',
  'It is not handed over, and nothing has changed. Everybody who was told of it is told so.': 'Es wird nicht übergeben, und nichts hat sich geändert. Alle, die davon erfahren haben, erfahren auch das.',
  'You own {account}': '{account} gehört Ihnen',
  '{account} stays with {from}.': '{account} gehört weiter {from}.',
  'This offer is no longer open': 'Dieses Angebot ist nicht mehr offen',
  'It was accepted.': 'Es wurde angenommen.',
  'It was declined.': 'Es wurde abgelehnt.',
  'It was taken back or stopped.': 'Es wurde zurückgezogen oder aufgehalten.',
  'Nobody answered in time. Ask the owner to offer it again.': 'Niemand hat rechtzeitig geantwortet. Bitten Sie den Inhaber, es noch einmal anzubieten.',
  'It has taken effect.': 'Es gilt schon.',
  'The account': 'Das Konto',
  'There is nothing here for you': 'Hier ist nichts für Sie',
  'You are signed in as {viewer}. If it is for another address of yours, sign out and go on with that.':
    'Sie sind angemeldet als {viewer}. Wenn es einer anderen Adresse von Ihnen gilt, melden Sie sich ab und machen Sie mit dieser weiter.',

  // For those who read the mail of an account
  'Unsubscribe?': 'Abmelden?',
  'You would no longer get mails about {category} from {account} at {email}.': 'Sie bekämen keine Mails über {category} von {account} an {email} mehr.',
  'What is part of the service, such as invoices and notices about your security, still reaches you.':
    'Was zum Dienst gehört, etwa Rechnungen und Hinweise zu Ihrer Sicherheit, erreicht Sie weiterhin.',
  Unsubscribe: 'Abmelden',
  'Choose what to get instead': 'Stattdessen auswählen, was kommt',
  'You are unsubscribed': 'Sie sind abgemeldet',
  'No more mails about {category} go from {account} to {email}.': 'Es gehen keine Mails über {category} von {account} an {email} mehr.',
  'Choose what to get, or take it back': 'Auswählen, was kommt, oder zurücknehmen',
  'Nothing was changed. The contact may have another address by now, or none; a newer mail has a link that works. What is part of the service cannot be unsubscribed from.':
    'Nichts wurde geändert. Der Kontakt hat vielleicht inzwischen eine andere Adresse oder keine; in einer neueren Mail ist ein Link, der gilt. Was zum Dienst gehört, lässt sich nicht abbestellen.',
  'The contact may have another address by now, or none. A newer mail has a link that works.':
    'Der Kontakt hat vielleicht inzwischen eine andere Adresse oder keine. In einer neueren Mail ist ein Link, der gilt.',
  'Nothing is sent to you': 'Sie bekommen nichts',
  'What {account} sends to {email}.': 'Was {account} an {email} schickt.',
  '{account} sends no mails to {email} at present.': '{account} schickt zurzeit keine Mails an {email}.',
  Save: 'Speichern',
  'Nothing that I can switch off': 'Nichts, was ich abstellen kann',
  'Part of the service.': 'Gehört zum Dienst.',
  'Saved.': 'Gespeichert.',
  'Is this your address?': 'Ist das Ihre Adresse?',
  'An account has you as a contact, and asks whether this is the right address. Saying yes does not sign you in and commits you to nothing.':
    'Ein Konto hat Sie als Kontakt und fragt, ob dies die richtige Adresse ist. Ein Ja meldet Sie nicht an und verpflichtet Sie zu nichts.',
  'Yes, it is mine': 'Ja, es ist meine',
  'No, this is not for me': 'Nein, das ist nicht für mich',
  '{account} knows now that {email} is right.': '{account} weiß jetzt, dass {email} stimmt.',
  "{account} is told that {email} is not the contact's. Only what is part of the service, such as an invoice, may still come until somebody corrects the address.":
    '{account} erfährt, dass {email} nicht die Adresse des Kontakts ist. Nur was zum Dienst gehört, etwa eine Rechnung, kann noch kommen, bis jemand die Adresse berichtigt.',
  'A newer mail may have replaced it, or the contact has another address by now.': 'Vielleicht hat ihn eine neuere Mail ersetzt, oder der Kontakt hat inzwischen eine andere Adresse.',
}
