/** Every text a person may read, in English. ICU message syntax; apostrophes are ’, since ' quotes in ICU. */
export const en = {
  'problem.title': 'Error: {title}',
  'link.new-tab': '(opens in a new tab)',
  'account.other': 'Use another account',
  'account.switch': 'Not you?',
  'client.policy': 'Privacy policy',
  'client.terms': 'Terms of service',
  'client.site': 'Website',

  'duration.seconds': '{count, plural, one {# second} other {# seconds}}',
  'duration.minutes': '{count, plural, one {# minute} other {# minutes}}',
  'duration.hours': '{count, plural, one {# hour} other {# hours}}',

  'field.username': 'Username',
  'field.password': 'Password',
  'password.show': 'Show',
  'password.hide': 'Hide',
  'password.show.label': 'Show password',
  'password.hide.label': 'Hide password',

  'login.title': 'Sign in',
  'login.title.reauthenticate': 'Confirm it’s you',
  'login.client': 'to continue to {client}',
  'login.provider': 'with your {provider} account',
  'login.submit': 'Sign in',
  'login.reset-password': 'Forgot your password?',
  'login.busy': 'Signing you in…',
  'login.cancel': 'Cancel',
  'login.cancel.client': 'Cancel and go back to {client}',
  'login.notice.reauthenticate': 'To continue, please enter your password again.',
  'login.notice.expired': 'That page had expired. Nothing is lost: please sign in again.',
  'login.notice.password-changed': 'Your password has been changed. Please sign in with the new one.',
  'login.error.credentials': 'That username and password don’t match. Please check both and try again.',
  'login.error.missing': 'Please enter your username and your password.',
  'login.error.locked': 'This account is locked. Please ask an administrator to unlock it.',
  'login.error.wait': 'There were too many attempts. Please wait {duration}, then try again.',

  'third-party': 'This application is not run by {provider}. Continue only if you know and trust {host}.',

  'consent.title': '{client} wants to use your account',
  'consent.host': 'You’ll be sent back to {host}',
  'consent.scopes': 'It will be able to',
  'consent.resources': 'It will have access to',
  'consent.duration': 'For how long',
  'consent.duration.offline': 'Until you revoke it',
  'consent.duration.session': 'As long as you stay signed in',
  'consent.allow': 'Allow',
  'consent.deny': 'Don’t allow',
  'consent.busy': 'One moment…',

  'chooser.title': 'Choose an account',
  'chooser.accounts': 'Your accounts',

  'logout.title': 'Do you want to sign out?',
  'logout.client': '{client} asks to sign you out of {provider}.',
  'logout.provider': 'You’ll be signed out of {provider} in this browser.',
  'logout.allow': 'Sign out',
  'logout.deny': 'Stay signed in',
  'logout.busy': 'Signing you out…',

  'out-of-band.title': 'You’re signed in',
  'out-of-band.text': 'Copy this code and paste it in the terminal where the program is waiting for it.',
  'out-of-band.code': 'Code',
  'out-of-band.hint': 'Give this code to nobody else. You can close this window afterwards.',

  'signed-out.title': 'You’re signed out',
  'signed-out.text': 'You can close this window now.',
  'signed-out.shared': 'On a shared computer, please close the browser too.',
  'signed-out.return': 'Go back to {client}',

  'which.title': 'Which application sent you here?',
  'which.title.signed-in': 'You’re signed in',
  'which.text':
    'People usually reach this page from an application they want to use. Pick yours to start there.',
  'which.none': 'Please go back to the application you want to use, and choose “Sign in” there.',
  'which.applications': 'Applications',
  'which.sign-out': 'Sign out',

  'error.code': 'Error',
  'error.reference': 'Reference',
  'error.reference.help':
    'Give this reference to the people who run {provider}: it tells them exactly what happened.',
  copy: 'Copy',
  'copy.done': 'Copied',

  'setup.title': 'Create the first administrator',
  'setup.text':
    'This account can manage everything in {provider}. The link that brought you here works only once.',
  'setup.password.length':
    'At least {count, plural, one {# character} other {# characters}}. A few unrelated words are easy to remember and hard to guess.',
  'setup.submit': 'Create administrator',
  'setup.busy': 'Creating the account…',
  'setup-done.title': 'All set',
  'setup-done.text':
    'The administrator {username} has been created. Sign in with it from any application that is registered here.',

  'form-post.title': 'Sending you back',
  'form-post.text': 'You’re on your way to {host}. If nothing happens, press Continue.',
  'form-post.continue': 'Continue',

  'scope.openid': 'Confirm who you are',
  'scope.profile': 'See your name and your profile',
  'scope.email': 'See your email address',
  'scope.address': 'See your postal address',
  'scope.phone': 'See your phone number',
  'scope.groups': 'See which groups you are in',
  'scope.offline_access': 'Keep this access while you’re away',

  'claim.sub': 'your account’s identifier',
  'claim.name': 'full name',
  'claim.given_name': 'given name',
  'claim.family_name': 'family name',
  'claim.middle_name': 'middle name',
  'claim.nickname': 'nickname',
  'claim.preferred_username': 'username',
  'claim.profile': 'profile page',
  'claim.picture': 'picture',
  'claim.website': 'website',
  'claim.email': 'email address',
  'claim.email_verified': 'whether your email address is verified',
  'claim.gender': 'gender',
  'claim.birthdate': 'date of birth',
  'claim.zoneinfo': 'time zone',
  'claim.locale': 'language',
  'claim.phone_number': 'phone number',
  'claim.phone_number_verified': 'whether your phone number is verified',
  'claim.address': 'postal address',
  'claim.groups': 'the groups you are in',
  'claim.updated_at': 'when your profile last changed',

  'trouble.client-unknown.title': 'This application isn’t known here',
  'trouble.client-unknown':
    'The application that sent you here isn’t registered with {provider}, or has been switched off. Please tell the people who run the application.',
  'trouble.redirect-uri.title': 'This application isn’t set up correctly',
  'trouble.redirect-uri':
    'The application asked to send you back to an address that isn’t registered for it. To keep your account safe, we stopped here.',
  'trouble.restricted.title': 'This application isn’t open to you',
  'trouble.restricted':
    'You are not permitted to login to this app. Ask the people who run it for access, or sign in with another account.',
  'trouble.denied.title': 'You didn’t allow it',
  'trouble.denied':
    'Nothing was given to the application. To try again, start the sign-in from the application.',
  'trouble.request.title': 'This sign-in link doesn’t work',
  'trouble.request':
    'The request that brought you here isn’t complete or isn’t correct. Please go back to the application and try again.',
  'trouble.stale-page.title': 'This page can’t be used any more',
  'trouble.stale-page':
    'Please go back to the application you came from, and choose “Sign in” there once more.',
  'trouble.other-browser.title': 'This sign-in was started elsewhere',
  'trouble.other-browser':
    'It belongs to another browser, or cookies are switched off in this one. Please go back to the application and start again here.',
  'trouble.logout.title': 'The sign-out link isn’t correct',
  'trouble.logout':
    'The application asked to sign you out in a way we can’t follow. You can sign out here yourself.',
  'trouble.logout.action': 'Sign out',
  'trouble.busy.title': 'One moment, please',
  'trouble.busy': 'Many people are signing in right now. Please wait a few seconds and try again.',
  'trouble.unavailable.title': 'We’ll be right back',
  'trouble.unavailable':
    'The server can’t store anything at the moment. Nothing was lost. Please try again in a minute.',
  'trouble.internal.title': 'Something went wrong on our side',
  'trouble.internal': 'It wasn’t your fault, and nothing was changed. Please try again.',
  'trouble.home': 'See the applications',
  'trouble.not-found.title': 'There’s nothing here',
  'trouble.not-found': 'Please check the address, or go back to the application you want to use.',
  'trouble.setup.title': 'This set-up link doesn’t work',
  'trouble.setup':
    'It has been used already, is too old, or isn’t complete. Start the server again to get a new one if there is no administrator yet.',
  'trouble.too-large.title': 'That was too much',
  'trouble.too-large': 'The form is larger than we accept. Please go back and try again.',

  'setup.error.username.missing': 'Please choose a username.',
  'setup.error.username.duplicate': 'This username is taken.',
  'setup.error.password.too-short': 'Please use at least 8 characters.',
  'setup.error.password.too-long': 'Please use at most 256 characters.',
  'setup.error.password.contains-name': 'Please don’t use the username as password.',
  'setup.error.password.common':
    'This password is one of the first that anybody would try. Please choose another.',

  'reset-ask.title': 'Forgot your password?',
  'reset-ask.text':
    'If there is such an account and we know its e-mail address, we send a message with a link there.',
  'reset-ask.login': 'Username or e-mail address',
  'reset-ask.submit': 'Send the message',
  'reset-ask.busy': 'Sending the message…',
  'reset-ask.wait': 'There were too many requests. Please look for the message, or try again later.',
  'reset-sent.title': 'Look for our message',
  'reset-sent.text':
    'If there is such an account, a message with a link is on its way. If none arrives, ask the people who manage your account.',
  'reset.title': 'Choose a new password',
  'reset.text': 'It replaces the old password of {username}, and signs you out everywhere.',
  'reset.submit': 'Save the password',
  'reset.busy': 'Saving the password…',
  'reset-done.title': 'Your password has been changed',
  'reset-done.text': 'Please sign in with it from the application you want to use.',
  'trouble.reset.title': 'This link doesn’t work any more',
  'trouble.reset': 'It has been used already, is too old, or isn’t complete. Please ask for a new message.',

  'mail.reset.subject': 'Your password at {provider}',
  'mail.reset.text':
    'Somebody has asked to set a new password for the account {username} at {provider}.\n\nIf that was you, open this page within {duration}:\n\n{link}\n\nIt works once. If it wasn’t you, there is nothing to do: your password stays as it is.',
} as const;

/** Names one text. */
export type TextKey = keyof typeof en;

/** A complete catalogue: each key, and no other. */
export type Texts = Readonly<Record<TextKey, string>>;
