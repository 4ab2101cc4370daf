import type { Texts } from './en.ts';

/** Every text a person may read, in German. */
export const de: Texts = {
  'problem.title': 'Fehler: {title}',
  'link.new-tab': '(öffnet einen neuen Tab)',
  'account.other': 'Anderes Konto verwenden',
  'account.switch': 'Nicht Sie?',
  'client.policy': 'Datenschutz',
  'client.terms': 'Nutzungsbedingungen',
  'client.site': 'Website',

  'duration.seconds': '{count, plural, one {# Sekunde} other {# Sekunden}}',
  'duration.minutes': '{count, plural, one {# Minute} other {# Minuten}}',
  'duration.hours': '{count, plural, one {# Stunde} other {# Stunden}}',

  'field.username': 'Benutzername',
  'field.password': 'Passwort',
  'password.show': 'Anzeigen',
  'password.hide': 'Verbergen',
  'password.show.label': 'Passwort anzeigen',
  'password.hide.label': 'Passwort verbergen',

  'login.title': 'Anmelden',
  'login.title.reauthenticate': 'Bitte bestätigen Sie, dass Sie es sind',
  'login.client': 'um mit {client} fortzufahren',
  'login.provider': 'mit Ihrem Konto bei {provider}',
  'login.submit': 'Anmelden',
  'login.reset-password': 'Passwort vergessen?',
  'login.busy': 'Sie werden angemeldet …',
  'login.cancel': 'Abbrechen',
  'login.cancel.client': 'Abbrechen und zurück zu {client}',
  'login.notice.reauthenticate': 'Bitte geben Sie Ihr Passwort noch einmal ein, um fortzufahren.',
  'login.notice.expired':
    'Die Seite war abgelaufen. Es ist nichts verloren: Bitte melden Sie sich noch einmal an.',
  'login.notice.password-changed': 'Ihr Passwort wurde geändert. Bitte melden Sie sich mit dem neuen an.',
  'login.error.credentials':
    'Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beides und versuchen Sie es noch einmal.',
  'login.error.missing': 'Bitte geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
  'login.error.locked':
    'Dieses Konto ist gesperrt. Bitte wenden Sie sich an einen Administrator, der es wieder freigibt.',
  'login.error.wait':
    'Das waren zu viele Versuche. Bitte warten Sie {duration} und versuchen Sie es dann noch einmal.',

  'third-party':
    'Diese Anwendung wird nicht von {provider} betrieben. Fahren Sie nur fort, wenn Sie {host} kennen und vertrauen.',

  'consent.title': '{client} möchte Ihr Konto verwenden',
  'consent.host': 'Danach geht es zurück zu {host}',
  'consent.scopes': 'Damit kann die Anwendung',
  'consent.resources': 'Sie erhält Zugriff auf',
  'consent.duration': 'Für wie lange',
  'consent.duration.offline': 'Bis Sie es widerrufen',
  'consent.duration.session': 'Solange Sie angemeldet sind',
  'consent.allow': 'Erlauben',
  'consent.deny': 'Ablehnen',
  'consent.busy': 'Einen Moment …',

  'chooser.title': 'Konto auswählen',
  'chooser.accounts': 'Ihre Konten',

  'logout.title': 'Möchten Sie sich abmelden?',
  'logout.client': '{client} möchte Sie bei {provider} abmelden.',
  'logout.provider': 'Sie werden in diesem Browser bei {provider} abgemeldet.',
  'logout.allow': 'Abmelden',
  'logout.deny': 'Angemeldet bleiben',
  'logout.busy': 'Sie werden abgemeldet …',

  'out-of-band.title': 'Sie sind angemeldet',
  'out-of-band.text':
    'Kopieren Sie diesen Code und fügen Sie ihn im Terminal ein, in dem das Programm darauf wartet.',
  'out-of-band.code': 'Code',
  'out-of-band.hint': 'Geben Sie diesen Code niemandem sonst. Danach können Sie dieses Fenster schließen.',

  'signed-out.title': 'Sie sind abgemeldet',
  'signed-out.text': 'Sie können dieses Fenster jetzt schließen.',
  'signed-out.shared': 'Auf einem gemeinsam genutzten Computer schließen Sie bitte auch den Browser.',
  'signed-out.return': 'Zurück zu {client}',

  'which.title': 'Von welcher Anwendung kommen Sie?',
  'which.title.signed-in': 'Sie sind angemeldet',
  'which.text':
    'Auf diese Seite gelangt man meist aus einer Anwendung heraus. Wählen Sie Ihre aus, um dort zu beginnen.',
  'which.none':
    'Bitte gehen Sie zurück zu der Anwendung, die Sie verwenden möchten, und wählen Sie dort „Anmelden“.',
  'which.applications': 'Anwendungen',
  'which.sign-out': 'Abmelden',

  'error.code': 'Fehler',
  'error.reference': 'Referenz',
  'error.reference.help':
    'Nennen Sie diese Referenz denen, die {provider} betreiben: Sie sehen damit genau, was geschehen ist.',
  copy: 'Kopieren',
  'copy.done': 'Kopiert',

  'setup.title': 'Erstes Administrationskonto anlegen',
  'setup.text':
    'Dieses Konto kann alles in {provider} verwalten. Der Link, über den Sie gekommen sind, gilt nur einmal.',
  'setup.password.length':
    'Mindestens {count, plural, one {# Zeichen} other {# Zeichen}}. Ein paar Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten.',
  'setup.submit': 'Konto anlegen',
  'setup.busy': 'Das Konto wird angelegt …',
  'setup-done.title': 'Fertig',
  'setup-done.text':
    'Das Administrationskonto {username} wurde angelegt. Melden Sie sich damit in jeder Anwendung an, die hier registriert ist.',

  'form-post.title': 'Es geht zurück',
  'form-post.text': 'Sie werden zu {host} weitergeleitet. Wenn nichts geschieht, wählen Sie „Weiter“.',
  'form-post.continue': 'Weiter',

  'scope.openid': 'Bestätigen, wer Sie sind',
  'scope.profile': 'Ihren Namen und Ihr Profil sehen',
  'scope.email': 'Ihre E-Mail-Adresse sehen',
  'scope.address': 'Ihre Postanschrift sehen',
  'scope.phone': 'Ihre Telefonnummer sehen',
  'scope.groups': 'Sehen, zu welchen Gruppen Sie gehören',
  'scope.offline_access': 'Den Zugriff auch in Ihrer Abwesenheit behalten',

  'claim.sub': 'Kennung Ihres Kontos',
  'claim.name': 'vollständiger Name',
  'claim.given_name': 'Vorname',
  'claim.family_name': 'Nachname',
  'claim.middle_name': 'weiterer Vorname',
  'claim.nickname': 'Spitzname',
  'claim.preferred_username': 'Benutzername',
  'claim.profile': 'Profilseite',
  'claim.picture': 'Bild',
  'claim.website': 'Website',
  'claim.email': 'E-Mail-Adresse',
  'claim.email_verified': 'ob Ihre E-Mail-Adresse bestätigt ist',
  'claim.gender': 'Geschlecht',
  'claim.birthdate': 'Geburtsdatum',
  'claim.zoneinfo': 'Zeitzone',
  'claim.locale': 'Sprache',
  'claim.phone_number': 'Telefonnummer',
  'claim.phone_number_verified': 'ob Ihre Telefonnummer bestätigt ist',
  'claim.address': 'Postanschrift',
  'claim.groups': 'Ihre Gruppen',
  'claim.updated_at': 'wann sich Ihr Profil zuletzt geändert hat',

  'trouble.client-unknown.title': 'Diese Anwendung ist hier nicht bekannt',
  'trouble.client-unknown':
    'Die Anwendung, von der Sie kommen, ist bei {provider} nicht registriert oder wurde abgeschaltet. Bitte sagen Sie den Betreibern der Anwendung Bescheid.',
  'trouble.redirect-uri.title': 'Diese Anwendung ist nicht richtig eingerichtet',
  'trouble.redirect-uri':
    'Die Anwendung wollte Sie an eine Adresse zurückschicken, die nicht für sie registriert ist. Um Ihr Konto zu schützen, haben wir hier angehalten.',
  'trouble.restricted.title': 'Diese Anwendung steht Ihnen nicht offen',
  'trouble.restricted':
    'Sie dürfen sich bei dieser Anwendung nicht anmelden. Bitten Sie ihre Betreiber um Zugang, oder melden Sie sich mit einem anderen Konto an.',
  'trouble.denied.title': 'Sie haben es nicht erlaubt',
  'trouble.denied':
    'Die Anwendung hat nichts erhalten. Um es noch einmal zu versuchen, beginnen Sie die Anmeldung in der Anwendung.',
  'trouble.request.title': 'Dieser Anmeldelink funktioniert nicht',
  'trouble.request':
    'Die Anfrage, die Sie hierher geführt hat, ist unvollständig oder fehlerhaft. Bitte gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal.',
  'trouble.stale-page.title': 'Diese Seite ist nicht mehr gültig',
  'trouble.stale-page': 'Bitte gehen Sie zurück zur Anwendung und wählen Sie dort noch einmal „Anmelden“.',
  'trouble.other-browser.title': 'Diese Anmeldung wurde woanders begonnen',
  'trouble.other-browser':
    'Sie gehört zu einem anderen Browser, oder Cookies sind in diesem abgeschaltet. Bitte gehen Sie zurück zur Anwendung und beginnen Sie hier von vorn.',
  'trouble.logout.title': 'Der Abmeldelink stimmt nicht',
  'trouble.logout':
    'Die Anwendung wollte Sie auf eine Weise abmelden, der wir nicht folgen können. Sie können sich hier selbst abmelden.',
  'trouble.logout.action': 'Abmelden',
  'trouble.busy.title': 'Einen Moment, bitte',
  'trouble.busy':
    'Gerade melden sich viele Menschen an. Bitte warten Sie ein paar Sekunden und versuchen Sie es noch einmal.',
  'trouble.unavailable.title': 'Wir sind gleich wieder da',
  'trouble.unavailable':
    'Der Server kann im Moment nichts speichern. Es ist nichts verloren gegangen. Bitte versuchen Sie es in einer Minute noch einmal.',
  'trouble.internal.title': 'Bei uns ist etwas schiefgegangen',
  'trouble.internal':
    'Es lag nicht an Ihnen, und es wurde nichts geändert. Bitte versuchen Sie es noch einmal.',
  'trouble.home': 'Anwendungen ansehen',
  'trouble.not-found.title': 'Hier ist nichts',
  'trouble.not-found':
    'Bitte prüfen Sie die Adresse, oder gehen Sie zurück zu der Anwendung, die Sie nutzen möchten.',
  'trouble.setup.title': 'Dieser Einrichtungslink funktioniert nicht',
  'trouble.setup':
    'Er wurde schon benutzt, ist zu alt oder unvollständig. Starten Sie den Server neu, um einen neuen zu bekommen, falls es noch keinen Administrator gibt.',
  'trouble.too-large.title': 'Das war zu viel',
  'trouble.too-large':
    'Das Formular ist größer, als wir annehmen. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',

  'setup.error.username.missing': 'Bitte wählen Sie einen Benutzernamen.',
  'setup.error.username.duplicate': 'Dieser Benutzername ist vergeben.',
  'setup.error.password.too-short': 'Bitte verwenden Sie mindestens 8 Zeichen.',
  'setup.error.password.too-long': 'Bitte verwenden Sie höchstens 256 Zeichen.',
  'setup.error.password.contains-name': 'Bitte verwenden Sie nicht den Benutzernamen als Passwort.',
  'setup.error.password.common':
    'Dieses Passwort würde jeder zuerst versuchen. Bitte wählen Sie ein anderes.',

  'reset-ask.title': 'Passwort vergessen?',
  'reset-ask.text':
    'Wenn es ein solches Konto gibt und wir seine E-Mail-Adresse kennen, senden wir eine Nachricht mit einem Link dorthin.',
  'reset-ask.login': 'Benutzername oder E-Mail-Adresse',
  'reset-ask.submit': 'Nachricht senden',
  'reset-ask.busy': 'Die Nachricht wird gesendet …',
  'reset-ask.wait':
    'Das waren zu viele Anfragen. Bitte sehen Sie nach der Nachricht, oder versuchen Sie es später noch einmal.',
  'reset-sent.title': 'Bitte sehen Sie nach unserer Nachricht',
  'reset-sent.text':
    'Wenn es ein solches Konto gibt, ist eine Nachricht mit einem Link unterwegs. Kommt keine an, fragen Sie die Menschen, die Ihr Konto verwalten.',
  'reset.title': 'Neues Passwort wählen',
  'reset.text': 'Es ersetzt das alte Passwort von {username} und meldet Sie überall ab.',
  'reset.submit': 'Passwort speichern',
  'reset.busy': 'Das Passwort wird gespeichert …',
  'reset-done.title': 'Ihr Passwort wurde geändert',
  'reset-done.text': 'Bitte melden Sie sich damit in der Anwendung an, die Sie nutzen möchten.',
  'trouble.reset.title': 'Dieser Link funktioniert nicht mehr',
  'trouble.reset':
    'Er wurde schon benutzt, ist zu alt oder unvollständig. Bitte lassen Sie sich eine neue Nachricht senden.',

  'mail.reset.subject': 'Ihr Passwort bei {provider}',
  'mail.reset.text':
    'Jemand möchte für das Konto {username} bei {provider} ein neues Passwort setzen.\n\nWenn Sie das waren, öffnen Sie innerhalb von {duration} diese Seite:\n\n{link}\n\nSie funktioniert einmal. Wenn Sie es nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.',
};
