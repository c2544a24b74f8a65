// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '../router';

// A choice among few that narrows a list, kept in the address.
export function Filter({ name, label, choices }: { name: string; label: string; choices: readonly (readonly [string, string])[] }) {
  const [value, setValue] = useQuery(name);
  return (
    <select aria-label={label} value={value} onChange={(event) => setValue(event.currentTarget.value)}>
      {choices.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}

// These values, and before them one that does not narrow.
export function optionsOf(values: string[], all: string): [string, string][] {
  return [['', all], ...values.map((value): [string, string] => [value, value.replaceAll('_', ' ')])];
}
