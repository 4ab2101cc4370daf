/** What a person may do in the console, in words. */
export const ROLES = [
  { value: 'user', label: 'None: their own account alone' },
  { value: 'auditor', label: 'Auditor: sees everything, changes nothing' },
  { value: 'support', label: 'Support: sees everything, helps users' },
  { value: 'admin', label: 'Administrator: everything' },
];
