"""Small templates, one for each thing that templates can say, with what Python's jinja2 makes of them.

Usage: python make_jinja.py OUT.json       pip install jinja2==3.1.6 transformers==4.57.6
The environment is the one that Transformers makes for chat templates. Errors are kept without their words: ours differ.
"""
import json
import sys

from transformers.utils.chat_template_utils import _compile_jinja_template

VARIABLES = dict(
    s="Hello, World", e="", u="Grüße 世界 🙂e\u0301", ws=" \t\u00a0x y\u2003\n ", n=7, z=0, neg=-3, f=2.5, big=10**30, t=True, no=False, none_=None,
    l=[3, 1, 2], ll=["b", "A", "c", "a"], em=[], d={"b": 1, "a": 2, "items": "own"}, emd={}, nest={"x": {"y": [1, {"z": "deep"}]}},
    rows=[{"k": "x", "v": 1, "o": {"p": "q"}}, {"k": "Y", "v": 3}, {"k": "x", "v": 2, "n": None}], html="<a href='x'>&\"</a>", text="one\ntwo\n\n three\r\nfour",
)

# Each line is one expression, rendered as {{ … }}.
EXPRESSIONS = r"""
1 + 2 * 3
(1 + 2) * 3
7 // 2
-7 // 2
7 // -2
-7 % 3
7 % -3
7.5 // 2
-7.5 % 2
7.5 % -2
2 ** 10
2 ** -1
-2 ** 2
2 ** 3 ** 2
7 / 2
6 / 3
1 / 3
2 / 3 * 3
0.1 + 0.2
1e16
1e15
123456789012345680.0
1e-4
1e-5
1.5e300 * 1e10
100.0
1_000
1_0.5
0x1F + 0b11 + 0o17
big
big + 1
big * big
big / 3
big // 7
big % 7
-neg
+n
- - n
1 - -1
true + 1
True * 3
t == 1
1 == 1.0
1 == '1'
0 == false
none == none
none is none
l + [4]
(1, 2) + (3,)
l * 2
2 * 'ab'
'ab' * 0
'ab' * -1
'a' 'b' "c"
'a' ~ 1 ~ none ~ true ~ 1.5 ~ l ~ missing
'%s-%d' % ('a', 5)
'%s' % 'x'
'%05.1f|%-5s|%5s|%+d' % (3.14159, 'a', 'b', 4)
'%%'% ()
'%r' % 'it'
'%x' % 255
'%s %s' % ('a',)
'%d' % 'a'
1 < 2 < 3
1 < 3 < 2
3 > 2 >= 2 != 1
'a' < 'b'
'B' < 'a'
'é' > 'z'
[1, 2] < [1, 3]
[1] < [1, 0]
(1, 'a') == (1, 'a')
[1] == (1,)
{'a': 1} == {'a': 1.0}
1 < 'a'
none < 1
l < 1
'ell' in s
'x' not in s
'' in s
2 in l
'b' in d
'items' in d
1 in 'a'
1 in n
missing in l
'a' in missing
not 'a' in 'b'
not true and false
not (true and false)
1 and 0
1 and 'a'
0 or 'b'
e or em or none
missing or 'default'
'x' if t
'x' if no
'x' if no else 'y'
'x' if no else 'y' if no else 'z'
('x' if no).foo
1 if missing else 2
s[0]
s[-1]
s[100]
s[1:4]
s[::-1]
s[::2]
s[-3:]
s[:-3]
s[5:2]
s[10:0:-3]
s[:]
s[1:100]
s[none:2]
s['a':2]
s[::0]
u[6:9]
u[-3:]
u[::-1]
u | length
u[8]
l[::-1]
l[1:]
l[-2:]
l[5]
l[-1]
l[true]
l['0']
l.0
l.5
l[1.0]
d['b']
d.b
d.items
d['items']
d.items()
d.items() | list
d.keys()
d.values() | list
d.get('a')
d.get('x')
d.get('x', 'no')
d.x
d.x.y
d['x']['y']
missing
missing.x
missing['x']
missing()
missing + 1
missing ~ 'a'
missing == missing2
missing is defined
missing == none
missing | length
none_.x
none_.x.y
none_['x']
none_[0]
n.x
n[0]
nest.x.y[1].z
nest['x']['y'][-1]['z']
nest.x['y'].0
s.nothing
s.upper
s.__class__
s['__class__']
s.__class__.__mro__
l.append(4)
l.append
l.append is defined
d.update({})
d.pop('a')
d.clear
l.__len__
().__class__
l.sort()
l.copy()
l.index(2)
l.index(9)
l.count(1)
(1, 2, 1).count(1)
d.copy()
s.upper()
s.lower()
s.title()
s.capitalize()
s.swapcase()
'ßx ǆ'.upper()
'ßx'.title()
'ßx'.capitalize()
'ǆa'.capitalize()
"they're bill's".title()
'ΑΣ'.lower()
'İ'.lower() | length
ws.strip()
ws.lstrip()
ws.rstrip()
'xxaxx'.strip('x')
'abcba'.strip('ab')
'abcba'.lstrip('ba')
'abcba'.rstrip('')
s.strip(none)
s.strip(1)
'a,b,,c'.split(',')
'a,b,,c'.split(',', 1)
'a,b,,c'.rsplit(',', 1)
'a,b,,c'.split(',', 0)
'a,b,,c'.split(sep=',', maxsplit=2)
ws.split()
' a  b c '.split(none, 1)
' a  b c '.rsplit(none, 1)
' a  b c '.split(maxsplit=0)
''.split()
''.split(',')
'a'.split('')
'aXbXc'.rsplit('X')
'aaa'.split('aa')
'aaa'.rsplit('aa')
'a=b=c'.partition('=')
'a=b=c'.rpartition('=')
'abc'.partition('=')
'abc'.rpartition('=')
text.splitlines()
text.splitlines(true)
''.splitlines()
'a\x0bb\x1cc\u2028d\x85e'.splitlines()
s.startswith('Hell')
s.startswith(('x', 'H'))
s.startswith('e', 1)
s.startswith('', 100)
s.startswith('')
s.endswith('ld')
s.endswith(('x', 'ld'), 3)
s.endswith('o', 0, 5)
s.startswith(['H'])
s.startswith(1)
s.replace('l', 'L')
s.replace('l', 'L', 1)
s.replace('', '-')
'🙂a'.replace('', '-')
s.replace('', '-', 2)
s.replace('x', 'y')
s.replace(1, 2)
s.find('o')
s.find('o', 5)
s.find('zz')
s.find('', 50)
s.rfind('o')
s.index('W')
s.index('zz')
s.rindex('l')
u.find('世')
s.count('l')
s.count('')
'aaaa'.count('aa')
', '.join(['a', 'b'])
', '.join([1])
''.join(s)
'-'.join(d)
'42'.zfill(5)
'-42'.zfill(5)
'a'.ljust(3) ~ '|'
'a'.rjust(3, '*')
'a'.center(4, '.')
'ab'.center(5, '.')
'abc'.center(6) ~ '|'
'a'.center(3, 'xx')
'abc'.removeprefix('a')
'abc'.removesuffix('bc')
'12'.isdigit()
'²'.isdigit()
'²'.isdecimal()
'½'.isnumeric()
'½'.isdigit()
'٣'.isdigit()
''.isdigit()
'aé'.isalpha()
'a1'.isalnum()
' \t'.isspace()
'AB1'.isupper()
'ab1'.islower()
'1'.islower()
'aB'.casefold()
s | upper
s | lower
s | title
"foo-bar (baz) [x] it's {a}" | title
s | capitalize
ws | trim
'xax' | trim('x')
none | trim
n | trim
missing | trim
none | upper
s | length
l | count
d | length
n | length
l | first
l | last
em | first
em | last
em | first is defined
s | first
s | last
d | first
d | last
d.items() | last
l | join
l | join(', ')
l | join(1)
rows | join(', ', attribute='k')
rows | join('-', 'v')
s | join('-')
missing | join
n | join
missing | default('x')
missing | d
none | default('x')
none | default('x', true)
'' | default('x', boolean=true)
missing.x | default('x')
d.missing | default('x')
0 | default(1, true)
l | list
s | list
d | list
missing | list
n | list
s | string
1.50 | string
'5' | int
' 5 ' | int
'5.9' | int
'x' | int
'x' | int(7)
'1e3' | int
'0x1f' | int(0, 16)
'1f' | int(base=16)
'z' | int(base=36)
'1_000' | int
'inf' | int
5.9 | int
-5.9 | int
true | int
none | int
l | int
missing | int
'2.5' | float
'x' | float
'x' | float(1.5)
'1_0.5' | float
'nan' | float
'-inf' | float
3 | float
none | float
-5 | abs
-5.5 | abs
'a' | abs
2.5 | round
3.5 | round
2.675 | round(2)
-2.5 | round
1234.5 | round(-2)
15 | round(-1)
25 | round(-1)
7 | round
2.1 | round(0, 'ceil')
2.19 | round(1, 'floor')
-2.1 | round(method='floor')
7 | round(0, 'ceil')
2.5 | round(0, 'other')
'a' | round
rows | map(attribute='k') | list
rows | map(attribute='o.p') | list
rows | map(attribute='o.p', default='none') | list
rows | map(attribute='n', default='none') | list
rows | map(attribute='o') | map(attribute='p') | list
ll | map('upper') | join
ll | map('replace', 'a', 'z') | list
ll | map('nothing') | list
ll | map | list
l | map('string') | join('+')
[[1, 2], [3, 4]] | map('first') | list
[[1, 2], [3, 4]] | map(attribute=1) | list
[[1, 2], [3, 4]] | map(attribute='1') | list
missing | map('upper') | list
em | map('upper') | list
l | select | list
[0, 1, none, ''] | select | list
[0, 1, none, ''] | reject | list
l | select('odd') | list
l | reject('odd') | list
l | select('gt', 1) | list
l | select('in', [1, 9]) | list
l | select('nothing') | list
rows | selectattr('n') | list | length
rows | selectattr('n', 'defined') | list | length
rows | selectattr('n', 'undefined') | list | length
rows | selectattr('k', 'equalto', 'x') | map(attribute='v') | list
rows | selectattr('k', '==', 'x') | list | length
rows | rejectattr('k', 'eq', 'x') | map(attribute='v') | join
rows | selectattr('v', 'ge', 2) | map(attribute='v') | sum
rows | selectattr('o.p', 'equalto', 'q') | list | length
rows | selectattr() | list
rows | sum('v')
rows | sum(attribute='v', start=10)
l | sum
[1.5, 2] | sum
['a'] | sum
[[1], [2]] | sum(start=[])
l | sort
l | sort(reverse=true)
ll | sort
ll | sort(case_sensitive=true)
ll | sort(true)
rows | sort(attribute='v') | map(attribute='v') | list
rows | sort(attribute='k,v') | map(attribute='v') | list
rows | sort(attribute='k', reverse=true) | map(attribute='v') | list
[1, 'a'] | sort
s | sort | join
missing | sort
d | dictsort
d | dictsort(by='value')
{'b': 1, 'A': 2} | dictsort
{'b': 1, 'A': 2} | dictsort(true)
{'b': 1, 'A': 2} | dictsort(reverse=true)
d | dictsort(by='x')
ll | unique | list
['a', 'A', 'b', 'a'] | unique | list
['a', 'A', 'b', 'a'] | unique(true) | list
[1, 1.0, true, 2] | unique | list
rows | unique(attribute='k') | map(attribute='v') | list
[[1]] | unique | list
l | min
l | max
ll | min
ll | max
ll | min(case_sensitive=true)
rows | max(attribute='v')
em | min
em | min is defined
[1, 'a'] | min
l | reverse | list
s | reverse
d | reverse | list
l | reverse | reverse | list
l | map('string') | reverse | join
n | reverse
(l | reverse) | length
(l | map('string')) | length
l | map('string') is iterable
l | map('string') is sequence
l | map('string')
(l | map('string'))[0]
1 if l | select('gt', 9) else 2
d | items | list
missing | items | list
l | items | list
emd | items | list
l | batch(2) | list
l | batch(2, 'x') | list
l | slice(2) | list
l | slice(2, 'x') | list
range(10) | slice(3) | map('list') | list
text | indent
text | indent(2)
text | indent(2, true)
text | indent('> ', true, true)
text | indent(width=3, first=true)
'' | indent
1 | indent
s | replace('l', 'L')
s | replace('l', 'L', 1)
121 | replace(1, 'x')
s | center(20)
s | wordcount
u | wordcount
'a b c d e f' | truncate(5)
'a b c d e f' | truncate(5, leeway=0)
'abc def ghi' | truncate(9, true, leeway=0)
'abc def ghi' | truncate(9, false, '…', 0)
'%s and %s' | format('a', 1)
s | attr('upper')
d | attr('b')
d | attr('b') is defined
html | tojson
html
html | safe
d | tojson
rows | tojson
rows | tojson(indent=2)
nest | tojson(indent=0)
nest | tojson(indent='\t')
emd | tojson(indent=4)
em | tojson(indent=4)
[[], {}, [[]]] | tojson(indent=1)
u | tojson
u | tojson(ensure_ascii=true)
u | tojson(true)
'\x00\x1f\x7f\u2028"\\/\b\f\n\r\t' | tojson
[1, 1.0, 1e22, 1e-7, true, none, 'a'] | tojson
(1, 2) | tojson
{1: 2, none: 3, true: 4, 1.5: 5} | tojson
{(1, 2): 3} | tojson
d | tojson(sort_keys=true)
d | tojson(separators=(',', ':'))
d | tojson(indent=2, separators=(',', ': '))
missing | tojson
d.items() | tojson
l | map('string') | tojson
range(3) | tojson
l is defined
n is odd
n is even
n is divisibleby 7
n is divisibleby(2)
n is not divisibleby 7
n is number
f is number
t is number
t is integer
n is integer
f is float
f is integer
t is boolean
n is boolean
t is true
1 is true
no is false
0 is false
s is string
n is string
d is mapping
l is mapping
l is sequence
s is sequence
d is sequence
n is sequence
missing is sequence
range(3) is sequence
d.items() is sequence
l is iterable
n is iterable
none is iterable
missing is iterable
d.items() is iterable
none is none
missing is none
missing is undefined
d.b is defined
d.x is defined
n is equalto 7
n is eq 7
n is == 7
n is ne 7
n is gt 6
n is lessthan 7
n is in [7]
n is not in [7]
7 is sameas 7
none is sameas none
t is sameas true
1 is sameas true
l is sameas l
l is sameas [3, 1, 2]
s is lower
s is upper
'ab' is lower
s.upper is callable
range is callable
n is callable
'upper' is filter
'nothing' is filter
'odd' is test
n is nothing
n is defined and n > 5
n is defined or missing.x
n is string or n is number
not n is string
n is not string
'x' if n is number else 'y'
n is divisibleby n
n | string is string
[n is odd, n is even]
range(5) | list
range(2, 5) | list
range(5, 0, -2) | list
range(3)
range(0, 10, 3)
range(3)[1]
range(3)[-1]
range(3)[9]
range(0)
range(3) | length
range(3, 0) | list
range(0, 3, 0)
range(200000)
range('a')
2 in range(5)
dict(a=1, b=2)
dict({'a': 1}, b=2)
dict([('a', 1), ('b', 2)])
dict(l)
namespace(a=1).a
namespace({'a': 1})['a']
namespace(a=1).b
namespace(a=1).items
{'a': 1, 'a': 2}
{'a': 1, **d}
{[1]: 2}
{(1,): 2}
{1: 'a', 1.0: 'b', true: 'c'}
{'a': {'b': [1, 'x', none, true, 1.5, (1,), ()]}}
[]
()
(1,)
(1, 2,)
1, 2
[1, 2,]
{'a': 1,}
[none, true, 'a\'b', "a\"b'c", 'a\nb\\', '\x00\u00a0\u200b🙂é']
'\u00e9\x41\101\n\q\
x'
'\N{BULLET}'
'\xZZ'
'\é'
"a'b"
'it''s'
'a
b'
joiner(', ')
joiner() is callable
raise_exception('no ' ~ n)
raise_exception()
unknown_function(1)
s.upper(1)
s.nothing()
s | nothing
s | upper(1)
s | default(1, 2, 3)
s | replace('a')
s | trim(chars='H')
s | join(d='-')
[1, 2] | join(attribute='x', d=',')
range(stop=3)
dict(**{'a': 1})
'a'.join(*[['x', 'y']])
'-'.join(*[['x']], **{})
s.split(**{'sep': ','})
1.0 == 1
1.0 | string
3.0
-0.0
0.0 * -1
1e400
1e5
12345678.9
0.30000000000000004
1e22
1e23
5e-324
1.7976931348623157e308
2 ** 0.5
0 ** -1
0 ** 0
10 ** 20
1 / 0
1 // 0
1 % 0
1.0 // 0.0
'a' + 1
1 + 'a'
'a' + none
l + (1,)
l - l
-'a'
-l
not l
not em
l and 'full'
loop
loop.index
caller()
""".strip("\n").split("\n")

# Whole templates, separated by a line of dashes.
TEMPLATES = r"""
a{# comment #}b
-----
a {#- x -#} b
-----
a
{# x #}
b
-----
a
  {# x #}  
b
-----
  {% if t %}
  x
  {% endif %}
y
-----
  {%+ if t %}
  x
  {%+ endif %}
y
-----
{% if t +%}
x
{% endif -%}
  
  y
-----
a
{%- if t -%}
  x
{%- endif -%}
b
-----
{{ n }}
{{ n -}}
  x
  {{- n }}
-----
{% if t %}{{ n }}
{% endif %}
x
-----
{% raw %}{{ n }} {% if %} {# #}{% endraw %}
x
-----
a
  {%- raw -%}
   {{ n }} 
  {%- endraw -%}
b
-----
  {% raw %}
  x
  {% endraw %}
y
-----
{{ '{{' }}{{ '}}' }}{{ "{% x %}" }}{{ {'a': {}} }}
-----
{{ {'a': {'b': 1}}.a.b }}}
-----
{ { n } } {n} % } # }
-----
x{{ n }}y{%set a=1%}z{{a}}
-----
a

-----
a


-----
{% if no %}a{% elif n == 7 %}b{% elif t %}c{% else %}d{% endif %}
-----
{% if no %}a{% elif no %}b{% else %}d{% endif %}
-----
{% if l, %}x{% endif %}
-----
{% for x in l %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}
-----
{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}
-----
{% for x in l %}{{ loop.previtem }}-{{ loop.nextitem }} {% endfor %}
-----
{% for x in l %}{{ loop.previtem is defined }}{{ loop.nextitem.x is defined }} {% endfor %}
-----
{% for x in l %}{{ loop.cycle('a', 'b') }}{{ loop.changed(x > 1) }}{% endfor %}
-----
{% for x in em %}x{% else %}none{% endfor %}
-----
{% for x in missing %}x{% else %}none{% endfor %}
-----
{% for x in n %}x{% endfor %}
-----
{% for x in l if x > 1 %}{{ x }}{{ loop.index }}{{ loop.length }}{{ loop.last }} {% endfor %}
-----
{% for x in l if x > 9 %}{{ x }}{% else %}none{% endfor %}
-----
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}
-----
{% for k, v in d | items %}{{ k }}={{ v }};{{ loop.length }}{% endfor %}
-----
{% for k in d %}{{ k }}{% endfor %}
-----
{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}
-----
{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}
-----
{% for a, b in ['xy', [1, 2]] %}{{ a }}{{ b }}{% endfor %}
-----
{% for a, b in [1] %}{{ a }}{% endfor %}
-----
{% for c in u %}[{{ c }}]{% endfor %}
-----
{% for x in range(3) %}{% for y in range(2) %}{{ loop.index }}{{ x }}{{ y }} {% endfor %}{{ loop.index }};{% endfor %}
-----
{% for x in l %}{% set outer = loop %}{% for y in l %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}
-----
{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}
-----
{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}
-----
{% for x in l %}{% break %}{% else %}none{% endfor %}
-----
{% for x in l %}{% continue %}{% else %}none{% endfor %}
-----
{% for x in l %}{{ x }}{% if x == 1 %}{% break %}{% endif %}{% else %}none{% endfor %}
-----
{% for x in l %}{% for y in em %}{% else %}{% break %}{% endfor %}{{ x }}{% endfor %}
-----
{% break %}
-----
{% for x in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}
-----
{% set x = 1 %}{% for i in l %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}
-----
{% for i in l %}{% if loop.first %}{% set y = i %}{% endif %}{{ y }},{% endfor %}{{ y }}
-----
{% set x = 0 %}{% if t %}{% set x = 1 %}{% endif %}{{ x }}
-----
{% if no %}{% set n = 1 %}{% endif %}{{ n }}
-----
{% if t %}{% set fresh = 1 %}{% else %}{% set other = 2 %}{% endif %}{{ fresh }}{{ other is defined }}
-----
{% for i in [1] %}{% if no %}{% set n = 1 %}{% endif %}{{ n }}{% endfor %}
-----
{% for i in [1] %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}
-----
{{ n }}{% for i in [1] %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}
-----
{% macro f() %}{{ n }}{% endmacro %}{{ f() }}{% set n = 1 %}{{ f() }}
-----
{% macro f() %}{{ n }}{% endmacro %}{{ f() }}
-----
{% set ns = namespace(x=0) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}
-----
{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}{{ ns.c }}{{ ns.c is defined }}
-----
{% set d.x = 1 %}
-----
{% set missing.x = 1 %}
-----
{% set a, b = 1, 2 %}{{ a }}{{ b }}
-----
{% set a = 1, 2 %}{{ a }}
-----
{% set (a, b) = l[:2] %}{{ a }}{{ b }}
-----
{% set a, b = l %}{{ a }}
-----
{% set a %}x{{ n }}
y{% endset %}[{{ a }}]
-----
{% set a | upper | replace('X', 'z') %}x{{ n }}y{% endset %}[{{ a }}]
-----
{% set a = 1 %}{% set b %}{% set a = 2 %}{{ a }}{% endset %}{{ a }}{{ b }}
-----
{% set x = 'a' if t else 'b' %}{{ x }}
-----
{% set true = 1 %}
-----
{% set 1 = 2 %}
-----
{% for loop in l %}{% endfor %}
-----
{% for x in l %}{% set loop = 1 %}{% endfor %}
-----
{% macro m(a, b='B', c=none) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 2) }} {{ m(1, c=3) }} {{ m(b=2, a=1) }} {{ m() }}
-----
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
-----
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}
-----
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}
-----
{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}{{ m() }}
-----
{% macro m(a, b=a ~ '!') %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}
-----
{% macro m(a=b, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m() }}
-----
{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}
-----
{% macro m(k) %}{% if k > 0 %}{{ k }}{{ m(k - 1) }}{% endif %}{% endmacro %}{{ m(5) }}
-----
{% macro m() %}{{ caller() }}|{{ caller() }}{% endmacro %}{% call m() %}x{{ n }}{% endcall %}
-----
{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b=5) m() %}{{ a }}{{ b }}{% endcall %}
-----
{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}
-----
{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}
-----
{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}
-----
{% call n %}{% endcall %}
-----
{% macro m() %}{% set n = 1 %}{{ n }}{% endmacro %}{{ m() }}{{ n }}
-----
{% macro m(x) %}{{ x }}{{ l[0] }}{% endmacro %}{% for l in [[1], [2]] %}{{ m(l) }}{% endfor %}
-----
{% for x in l %}{% macro m() %}{{ x }}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}
-----
{% macro m() %}
  a
{% endmacro %}
[{{ m() }}][{{ m() | trim }}]
-----
{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}
-----
{{ m() }}{% macro m() %}x{% endmacro %}
-----
{% macro m() %}x{% endmacro %}{{ m() | upper ~ m() + 'y' }}
-----
{% filter upper %}a{{ s }}{% endfilter %}
-----
{% filter replace('a', 'b') | upper %}aXa{% endfilter %}
-----
{% with a = 1, b = n %}{{ a }}{{ b }}{% set a = 3 %}{{ a }}{% endwith %}{{ a }}
-----
{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q }}
-----
{% print n, s %}
-----
{% generation %}x{{ n }}{% set g = 1 %}{{ g }}{% endgeneration %}{{ g }}
-----
{% for x in l %}{% generation %}{{ x }}{{ loop.index }}{% endgeneration %}{% endfor %}
-----
{%- for x in l -%}
  {{ x }}
{%- endfor %}
-----
{% for x in l %}
{{ x }}
{% endfor %}
-----
{% for x in l %}
  {%- if x > 1 %}
    {{ x }}
  {%- endif %}
{% endfor %}
.
-----
{% for x in l: %}{{ x }}{% endfor %}
-----
{% set g = l | map('string') %}{{ g | join }}{{ g | join }}!
-----
{% for x in l | map('string') %}{{ loop.length }}{{ x }}{% endfor %}
-----
{% for x in l | map('string') %}{{ x }}{{ loop.last }}{% endfor %}
-----
{% set ns = namespace(go=true) %}{% for x in l if ns.go %}{{ x }}{% set ns.go = false %}{% endfor %}
-----
{% set ns = namespace(go=true) %}{% for x in l if ns.go %}{{ x }}{{ loop.last }}{% set ns.go = false %}{% endfor %}
-----
{% set j = joiner(', ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}
-----
{{ l | join(', ') | upper if l is iterable and l is not string else 'x' }}
-----
{{ messages[0] }}{{ messages is defined }}
-----
{% for m in [{'role': 'user'}] %}{{ m['content'] }}{{ m.content is none }}{{ m.get('content') is none }}{% endfor %}
-----
{% if 'x' in {'x': 1} and not ('y' in d) %}yes{% endif %}
-----
{% set x = [1, 2, 3] %}{{ x[:-1] + [x[-1] * 2] }}
-----
{% set x = {} %}{{ x.a.b }}
-----
{% if x.y %}a{% endif %}
-----
{% if missing.y is defined %}a{% endif %}
-----
{{ n
-----
{{ n }
-----
{{ n ) }}
-----
{{ (n }}
-----
{% if %}x{% endif %}
-----
{% if t %}x
-----
{% endif %}
-----
{% else %}
-----
{% unknown %}
-----
{% for x l %}{% endfor %}
-----
{% for x in l %}{% endif %}
-----
{% if t %}{% for x in l %}{% endif %}{% endfor %}
-----
{# x
-----
{% raw %}x
-----
{{ }}
-----
{{ 1 + }}
-----
{{ 'a }}
-----
{{ a.b. }}
-----
{{ a[ }}
-----
{{ a[1, 2] }}
-----
{{ a | }}
-----
{{ n is }}
-----
{{ n is odd is even }}
-----
{{ f(a=1, 2) }}
-----
{{ n ! }}
-----
{{ $ }}
-----
{{ 1a }}
-----
{{ n if }}
-----
{% set %}
-----
{% set x %}
-----
{% macro %}{% endmacro %}
-----
{% macro m(a=1, b) %}{% endmacro %}
-----
{% include 'x' %}
-----
{% extends 'x' %}
-----
{% import 'x' as y %}
-----
{% do l.append(1) %}
-----
{{ '' if true }}{{ [] }}{{ {} }}{{ () }}
-----
a
b
 {{ n }}
	{% if t %}	x	{% endif %}	
c
""".strip("\n").split("\n-----\n")


def case(template):
    try:
        return dict(template=template, rendered=_compile_jinja_template(template).render(**VARIABLES))
    except Exception as e:
        return dict(template=template, error=type(e).__name__ + ": " + str(e)[:80])


templates = ["{{ " + e + " }}" for e in EXPRESSIONS] + TEMPLATES
cases = [c for c in map(case, templates) if " at 0x" not in c.get("rendered", "")]
with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write(json.dumps(dict(variables=VARIABLES), ensure_ascii=True)[:-1] + ',\n "cases": [\n')
    out.write(",\n".join("  " + json.dumps(c, ensure_ascii=True) for c in cases))
    out.write("\n]}\n")
print(len(templates), "templates,", len(cases), "cases,", sum("error" in c for c in cases), "errors")
