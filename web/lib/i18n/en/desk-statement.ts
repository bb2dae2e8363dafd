import type { deskStatement as source } from '../zh/desk-statement.ts'

export const deskStatement: typeof source = {
  nav: 'Statement',
  title: 'Customer asset statement',
  headTitle: (scope) => `${scope} · Customer asset statement`,
  path: 'Where you are',
  whole: 'Whole chain',
  of: (name) => `Of ${name}`,
  span: (from, to) => (from === to ? from : `${from} – ${to}`),
  unit: { customers: 'In customers', value: (currency) => `In ${currency}` },
  severalCurrencies:
    'The stores of this scope keep different currencies; money is not added up. Each store has its value below.',
  side: 'Measured in',
  sides: { customers: 'Customers', value: 'Value' },
  sideNote: {
    customers:
      'A customer counts for their home store, as long as they came within the activity window.',
    value:
      'A customer is worth what they spent in the 12 months up to that day, counted in the smallest unit of the currency, never rounded.',
  },
  view: 'View',
  views: { restated: 'Restated', closed: 'As closed' },
  viewNote: {
    restated: 'Restated: from all that is known today, also what arrived after a close.',
    closed:
      'As closed: closed months stand as they stood then; what arrived later is the line “Late data”.',
  },
  viewsAlike:
    'No month of this period was closed, or the period is not made of whole months: both views are the same.',
  close: {
    act: (month) => `Close ${month}`,
    go: (month) => `Next to close: ${month}`,
    last: (month, when, name) => `Closed up to ${month} (${name}, ${when})`,
    none: 'No month was closed yet',
    title: (month) => `Close ${month}`,
    text: 'From then on the figures of this month stand for every scope of the chain; data that arrive late become the line “Late data” of the next month. A close cannot be taken back.',
    closing: (amount) => `Closing of the chain: ${amount} customers`,
    confirm: 'Close the month',
    done: (month) => `${month} is closed`,
    reasons: {
      'not-a-month': 'Only months are closed.',
      'not-ended': 'This month is not over.',
      'closed-already': 'This month is closed already.',
      'out-of-order': 'Months are closed one after the other, and an earlier one is still open.',
      'does-not-foot':
        'The statement is not balanced; figures may still be being updated. Please try again soon.',
      refused: 'This was not accepted.',
    },
  },
  notes: {
    title: 'Notes',
    add: 'Write a note',
    edit: 'Change the note',
    line: 'On which line',
    text: 'Note',
    hint: 'For example why more were lost than the month before. Everybody who sees this statement sees it.',
    missing: 'Please write something.',
    takeBack: 'Take this note back',
    mark: (number) => `Note ${number}`,
    by: (name, when) => `${name}, ${when}`,
    saved: 'The note is saved',
    gone: 'The note is taken back',
  },
  restated: {
    title: 'Definitions changed',
    note: (day, changes) =>
      `Definitions changed on ${day} (${changes}): figures of this period were counted anew.`,
    parts: {
      version: (from, to) => `version ${from} → ${to}`,
      activityDays: (from, to) => `activity window ${from} → ${to} days`,
      joined: ', ',
    },
    both: (first, second) => `${first} ${second}`,
    changed: (figures, stores) =>
      `In the whole chain ${figures === '1' ? '1 figure' : `${figures} figures`} of ${stores === '1' ? '1 store' : `${stores} stores`} came out otherwise.`,
    unchanged: 'No figure came out otherwise.',
    closed:
      'Closed months stand by the definitions of their close; what the change made of them is the line “Definitions changed”, apart from “Late data”.',
    see: 'What each version changed',
  },
  recount: {
    none: 'No independent recount was made yet.',
    good: (day, stores) =>
      `Independent recount: on ${day} ${stores === '1' ? '1 store was' : `${stores} stores were`} counted from the visits, and all agree.`,
    bad: (day, stores, differing) =>
      `Independent recount: on ${day} ${stores === '1' ? '1 store was' : `${stores} stores were`} counted from the visits; ${differing} differ.`,
  },
  caption: (scope, period) => `Customer asset statement · ${scope} · ${period}`,
  summary: 'Item',
  balance: 'Balance',
  change: 'Difference',
  lines: {
    opening: 'Opening',
    new: 'New',
    reactivated: 'Reactivated',
    transfer_in: 'Moved in',
    unmerged: 'Unmerged',
    lost: 'Lost',
    transfer_out: 'Moved out',
    merged: 'Merged',
    erased: 'Erased',
    expanded: 'Spent more',
    contracted: 'Spent less',
    late: 'Late data',
    redefined: 'Definitions changed',
    closing: 'Closing',
  },
  definitions: {
    opening:
      'Active customers at the end of the day before the period; the closing of the period before.',
    new: 'Customers on their first visit anywhere in the chain, in the book of their home on that day.',
    reactivated: 'Customers who came back after they were lost; each return counts.',
    transfer_in:
      'Active customers whose home moved here. A region counts those from outside it; the chain has none.',
    unmerged: 'Customers who count on their own again after a merge was undone.',
    lost: 'Customers without a visit for the whole activity window, dated on the day it ran out and not when somebody noticed.',
    transfer_out:
      'Active customers whose home moved away. A region counts those who left it; the chain has none.',
    merged: 'Customers who were found to be somebody else in the book, and no longer count twice.',
    erased:
      'Customers erased at their own wish. Their data are gone; the entries stay, so that past closings do not change.',
    expanded: 'By how much customers who stayed came to spend more over 12 months.',
    contracted: 'By how much customers who stayed came to spend less over 12 months.',
    late: 'What was heard of closed months after they were closed, entered in the first period after.',
    redefined:
      'By how much the closing of closed months moved when definitions changed and all figures were counted anew, entered in the first period after. It has nothing to do with late data.',
    closing:
      'Active customers at the end of the period: the opening, with what came and without what went.',
  },
  net: 'Net change',
  netOf: (share) => `${share} of the opening`,
  came: (amount) => `${amount} in`,
  went: (amount) => `${amount} out`,
  leads: {
    opening: (period) => `To the period before: ${period}`,
    line: (line, scope, count) => `${scope} · ${line} ${count}: show these customers`,
    scope: (scope) => `Open the statement of ${scope}`,
    parts: 'Show the stores it is the sum of',
    history: (scope) => `Show the active customers of ${scope} over time`,
  },
  footing: {
    title: 'Footing check',
    good: 'Balanced',
    bad: 'Not balanced',
    pending: 'Updating',
    rules: {
      chain: 'stores = regions = chain',
      region: 'stores = region',
      balance: 'closing = opening + lines',
    },
    passed: (statements) =>
      statements === '1'
        ? '1 statement checked, in customers and in value.'
        : `${statements} statements checked, in customers and in value.`,
    pendingText: 'Region and chain figures are being updated; they are checked when that is done.',
    faults: (count) =>
      count === '1' ? '1 place does not agree:' : `${count} places do not agree:`,
    balanceFault: (scope, side, expected, found) =>
      `${scope} (${side}): the closing is ${expected}, the lines come to ${found}`,
    storesFault: (scope, side, expected, found) =>
      `${scope} (${side}): its stores come to ${expected}, the statement says ${found}`,
    more: (count) => `And ${count} more.`,
  },
  freshness: {
    behind: (count, names) =>
      count === '1'
        ? `1 store was silent before the last day began; its figures may not be whole: ${names}`
        : `${count} stores were silent before the last day began; their figures may not be whole: ${names}`,
    mark: 'This period may not be whole',
  },
  parts: {
    title: { chain: 'Regions and stores', region: 'Stores', store: 'Your stores' },
    caption: (scope, period) => `Parts of ${scope} · ${period}`,
    name: 'Scope',
    movesNote:
      'Moves within a region cancel out in its row, so the moves of its stores do not add up to those of the region or the chain.',
    fold: (name) => `Fold the stores of ${name}`,
    unfold: (name) => `Show the stores of ${name}`,
    count: (stores) => (stores === '1' ? '1 store' : `${stores} stores`),
    asOfNote:
      'A sum is as old as the store in it that was heard of least lately; figures after that may still change.',
  },
  empty: {
    title: 'No customers yet',
    text: 'Once tablets serve, or past data is imported, the statement begins with the first customer.',
    scope: (name) => `No data of ${name} yet`,
    scopeText:
      'Nothing was recorded in this period or the one before. No zero stands here: no data is not the same as no customers.',
    notFound: 'There is no such scope, or it is not yours to see',
    whole: 'Go to the top',
  },
  movements: {
    title: (line) => `Customers: ${line.toLowerCase()}`,
    lateTitle: 'Known only after the close',
    lateNote:
      'What belongs to closed months and arrived after their close. An entry that late data took away is no longer listed, so their number need not be the adjustment.',
    closedNote:
      'A closed figure stands as it stood then; below is what is known today, which may be more or fewer.',
    kind: 'Entry',
    back: 'Back to the statement',
    caption: (line, scope, period) => `${line} · ${scope} · ${period}`,
    day: 'Day',
    customer: 'Customer',
    customerDefinition:
      'Without a name: none was given, it was erased at the customer’s wish, or the customer moved to a store you may not see.\nThe number tells people of one name apart.',
    store: 'Store',
    counterparty: { in: 'From', out: 'To' },
    value: (currency) => `Spend in 12 months (${currency})`,
    valueDefinition:
      'Up to that day for customers who came, up to the day before for those who went.',
    unnamed: 'No name',
    erased: 'Erased',
    elsewhere: 'A store outside your scope',
    agrees: (count) => `${count} in all, as the statement says.`,
    people: (count) => `They are ${count} different customers.`,
    worth: (value) => `Together worth ${value}.`,
    differs: (count, shown) => `${count} in all; the statement says ${shown}.`,
    differsHint: 'New data arrived in between. Load again and they should agree.',
    cut: (shown, total) =>
      `Only the latest ${shown} of ${total} are listed. Choose a shorter period or one store to see all.`,
    empty: 'Nobody stands in this line in this period',
    fileName: (line) => `customers-${line}`,
  },
  tenures: {
    from: (day) => `Since ${day}`,
    span: (from, last) => `${from} to ${last}`,
    since: 'Counted since',
    lastDay: 'Last day',
    stay: 'In the book',
    stayDefinition:
      'Since when they counted for this store without a break, and to which day if they went within the period. Who went and came back stands once for each time.',
    before: (currency) => `Before (${currency})`,
    beforeDefinition:
      'Spend of the 12 months up to the day before the period. For who was new or reactivated in it, up to that day; for who moved in, up to the day before.',
    grew: (currency) => `Spent more (${currency})`,
    grewDefinition:
      'What new spend in the period added to the 12 months. What was spent on the day somebody came stands in the line they came by, not here.',
    shrank: (currency) => `Spent less (${currency})`,
    shrankDefinition: 'What left the 12 months in the period because it was a year ago.',
    after: (currency) => `After (${currency})`,
    afterDefinition:
      'Spend of the 12 months up to the last day of the period; for who went in it, up to the day before. It is before, with what grew and shrank.',
    agrees: (count, value) => `${count} in all, together ${value}, as the statement says.`,
    differs: (count, value, shown) =>
      `${count} in all, together ${value}; the statement says ${shown}.`,
    cut: (shown, total) =>
      `Only the ${shown} with the largest amounts of ${total} are listed; the sum above is of all.`,
    storesFirst: 'These customers are listed store by store',
    stores: 'Choose a store',
  },
  csv: {
    fileName: 'statement',
    level: 'Level',
    levels: { chain: 'Chain', region: 'Region', store: 'Store' },
    region: 'Region',
    period: 'Period',
    from: 'From',
    to: 'To',
    side: 'Measured in',
    currency: 'Currency',
    asOf: 'Data as of',
    restated: 'Definitions changed on',
    customerId: 'Customer id',
    line: 'Line',
  },
}
