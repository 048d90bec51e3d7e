"""How mail servers say why they refuse: one pattern a line, over one refusal in small letters on one line.

A phrase is mostly a noun and what is wrong with it, because every server words it differently.
"""

from __future__ import annotations

import re

_NOUNS = {
    "WHO": (
        "user(?: ?name)?|recipients?|mail ?box(?:es)?|inbox|accounts?|address(?:es)?|alias|addressee|person|member|"
        "customer|e-?mails?(?: address)?|local[ -]?part|login|subscriber|rcpt|destination|mail ?drop|uid"
    ),
    "HOST": "host(?: ?name)?|domain(?: name)?|system|site|server name|mail domain|node",
    "STORE": "mail ?box|inbox|mail ?folder|account|storage|disk|maildir|mail ?drop|user|recipient|file ?system",
    "GONE": "deleted|closed|removed|terminated|cancelled",
    "IS_NOT": "(?:could|can|was|were|is|are)(?: ?not|n't)",
    "DOES_NOT": "(?:do|does|did)(?: not|n.?t)",
}


def _any(lines: str) -> re.Pattern[str]:
    for name, words in _NOUNS.items():
        lines = lines.replace(name, f"(?:{words})")
    return re.compile("|".join(f"(?:{line})" for line in lines.strip().splitlines()))


FULL = _any(r"""
over[ -]?quota
quota.{0,25}(?:exceed|full|reach|violat|overdrawn)
(?:exceed|over|out of|above|beyond|reached|hit)\w* .{0,30}(?:quota|storage|disk|space|mailbox (?:size|limit)|allocat)
\bSTORE\b.{0,40}\bfull\b
(?:insufficient|not enough|no|out of|low) (?:system |disk |available |free )?(?:storage|space|resources)
full mail ?box|mailbox.?(?:full|limit|exceed|size limit)
(?:bo[iî]te|buz[oó]n|postfach|casella|caixa).{0,30}(?:pleine|lleno|voll|piena|cheia)
(?:too|exceeds?).{0,20}many messages in (?:the )?mailbox
""")
"""A mailbox or a disk without room (R94, R97)."""

TOO_LARGE = _any(r"""
(?:message|mail|size|body|data|attachment)\b.{0,40}(?:too (?:large|big|long)|exceed|larger than|over limit)
(?:exceed\w*|larger than|bigger than).{0,40}(?:size|maximum|limit|length)
message size|size limit|too (?:large|big)\b
""")
"""The message is what does not fit."""

PASSING = _any(r"""
temporar(?:y|ily)|try (?:it )?again|(?:again|retry) later|gr[ea]y-?list|deferr|timed? ?out|time-?out
at a rate|receiving (?:mail|messages?) too|too (?:many|much|fast|frequent|quick)
hop count|loop|routing|expired|retry time|retries|queue (?:time|life)|in (?:the )?queue for|delayed
connection (?:refused|reset|closed|dropped|lost|timed)|lost connection|broken pipe
(?:network|host|server)(?: is)? unreachable|unreachable for too long|no route to host|connect(?:ion)? (?:failed|error)
\btls\b|certificate|handshake
service (?:currently |is )?(?:not available|unavailable)
system (?:error|failure|not accepting)|internal (?:server )?error|configuration error|server (?:error|busy|down)
local error|resource
suspend|on hold|frozen|locked
""")
"""Trouble that is nobody's address (R105)."""

BLOCKED = _any(r"""
spam|junk|unsolicited|bulk|\buce\b|virus|malware|phish|infected|suspicious|abus[ei]|worm\b
black-?(?: ?list|holed?)|block-?(?: ?list|ed|ing)?\b|deny ?list|rbl\b|dnsbl|listed (?:at|by) \S*
reputation|banned|barred
dmarc|\bspf\b|dkim|domainkeys|authenticat|authori[sz]|not allowed|not permitted|permission
forbidden|prohibited|den(?:y|ied)\b|restrict
polic(?:y|ies)|content|filter|\brules?\b|reject(?:ed)? by|refuse|administrative|security|firewall
violat|screen|trust(?:ed|worthy)?|challenge
rate ?limit|throttl|relay|reverse dns|rdns|\bptr\b|helo|ehlo|dynamic ip|client host
your (?:ip|host|server|domain|network)|your (?:address|message|mail|e-mail) (?:was|is|has been)
sender (?:address|verif|reject|domain|denied|not|is|has|block)|from address|mail from|envelope
header|rfc ?[0-9]|syntax|command|protocol|8bit|mime|attachment|bare lf|line too long
""")
"""It is the sender, the content or a rule of theirs."""

SURELY_NOBODY = _any(r"""
recipient address rejected: access denied|# ?address rejected
recip\w*notfound|badrecipient|nosuchuser|no_such_user|user_?unknown|unknown_?(?:user|recipient)
user unknown
unknown (?:user|recipient|local|account|addressee|mailbox|login|address|virtual|alias|e-?mail)
no such (?:user|mailbox|recipient|person|address|account|member|customer|local|e-?mail|addressee|id\b|login)
no (?:mail ?box|account|user|recipient)(?: here)? (?:by|with|of|under|for) (?:that|this|the) name
no (?:mailbox|account) found|no mailbox here|no valid recipient|there is no (?:one|user|account|such)
requested (?:mail )?action not taken: mailbox (?:unavailable|not found)
not our customer|nobody (?:here )?by that name|not a (?:local )?(?:user|mailbox|recipient) here
(?:user|mailbox|recipient|account|address) not (?:here|found|known)
(?:user|account|mailbox|customer)\b.{0,60}DOES_NOT have an? (?:\S+ ){0,3}account
not listed in .{0,40}(?:directory|address book)|not (?:in|on) (?:our|the|my) (?:\S+ )?(?:directory|database|user list)
(?:empf[aä]nger|benutzer|adresse|postfach)\b.{0,40}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden)|ung[uü]ltig)
unbekannte[rn]? (?:empf[aä]nger|benutzer|adresse)
(?:utilisateur|destinataire|adresse|bo[iî]te)\b.{0,40}(?:inconnue?|n'existe pas|introuvable|inexistante?)
(?:usuario|destinatario|direcci[oó]n|cuenta|buz[oó]n)\b.{0,40}(?:desconocid|no existe|inexistente|no encontrad)
(?:utente|destinatario|casella|indirizzo)\b.{0,40}(?:sconosciut|non esiste|inesistente)
(?:usu[aá]rio|conta|caixa|endere[cç]o)\b.{0,40}(?:desconhecid|n[aã]o existe|inexistente)
""")
"""No such person, in words that mean nothing else."""

AT_RCPT = _any(r"""
\brcpt\b
recipient (?:address )?rejected|reject(?:ed|s|ing)? (?:the |your )?recipient
(?:does )?not like recipient|recipient (?:was )?refused
""")
"""A server that answers to RCPT speaks of the recipient."""

MEANS_NOBODY = _any(r"""
requested (?:mail )?action not taken: mailbox (?:unavailable|not found)
recip\w*notfound
not listed in .{0,40}(?:directory|address book)
no mailbox here by that name|recipient name is not recogni[sz]ed|unrout(?:e)?able address
(?:address|e-?mail) (?:could not|couldn.t) be found
""")
"""Said by servers that look the person up, whatever they were asked."""

NOBODY = _any(r"""
\bWHO\b.{0,60}\b(?:un|not )known\b
\bWHO\b.{0,60}\b(?:not exist(?:ing)?|non-?exist[ae]nt|not found|DOES_NOT (?:currently )?exist)\b
\bWHO\b.{0,60}\bno longer (?:exists?|active|available|valid|in use|here|with|on|employed|works?)\b
\bWHO\b.{0,60}\b(?:does|did|has|have) no(?:t)? (?:longer )?(?:exist|match)
\bWHO\b.{0,60}\bIS_NOT (?:be )?(?:a )?(?:found|located|known|resolved|valid|recogni[sz]ed|listed|registered|local|here)
\bWHO\b.{0,60}\bnot (?:a )?(?:valid|recogni[sz]ed|listed|registered|defined|local)\b
\bWHO\b.{0,60}\b(?:invalid|undeliverable|unrouteable|unroutable|is wrong|gone)\b
\bWHO\b.{0,60}\b(?:has been|was|is) GONE\b
(?:invalid|bad|undeliverable|unrouteable|unroutable|illegal|obsolete|wrong) (?:destination |final |local |e-?mail )*WHO\b
non-?exist[ae]nt (?:destination |local |e-?mail )*WHO\b
(?:mail ?box|account)(?: is| was)? (?:unavailable|not available)|mailbox name not allowed
not (?:find|locate) (?:the |that |any |a )?(?:user|recipient|mailbox|account|address)
""")
"""No such person, most often."""

NO_HOST = _any(r"""
\bHOST\b.{0,60}\b(?:unknown|not found|DOES_NOT exist|non-?exist[ae]nt|invalid|no longer (?:exists?|active|valid))\b
\bHOST\b.{0,60}\b(?:can|could)(?: ?not|n't) be (?:found|resolved)\b
(?:unknown|invalid|no such|bad|unrouteable|unroutable|illegal) (?:destination |mail |recipient |remote )*HOST\b
non-?exist[ae]nt (?:destination |mail |recipient |remote )*(?:HOST|hosts)\b
nxdomain|couldn.?t find any host|name or service not known|mx .{0,40}does not exist
""")
"""No such server."""

NO_MAIL = _any(r"""
null ?mx
because the domain is not reachable
(?:domain|host|server|site|address)\b.{0,50}(?:DOES_NOT|never) (?:accept|receive|handle) (?:any )?(?:e?-?mail|messages)
\b(?:521|556)[ -](?!5\.[0-8])
no mail(?: is)? (?:accepted|service) (?:at|here|for)
(?:has|have|with) no (?:mail exchangers?|mx\b|mail servers?)
domain (?:of \S+ )?(?:is )?not accepting (?:any )?(?:mail|e-mail)
""")
"""A server or a domain that takes no mail at all (RFC 7504, RFC 7505)."""

MOVED = _any(r"""
(?:user|address|recipient|mail ?box|account|person|addressee)\b.{0,40}\b(?:has|have) (?:been )?(?:moved|changed|replaced)\b
new (?:e-?mail )?address is|moved to (?:a )?new|no longer (?:with|at|employed)
changed (?:his|her|their|my) (?:e-?mail )?address|left the (?:company|organi[sz]ation)|user not local; please try
""")
"""The person is elsewhere now."""

INACTIVE = _any(r"""
inactive|disabled|deactivat|discontinued|closed|expired|dormant
""")
"""With 5.2.1: an account that its provider has closed (R93, R97)."""
