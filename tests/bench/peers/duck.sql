with rows as (
    select n, substr(line, 2, 4) || ' ' || trim(substr(line, 7, 5)) as key,
           regexp_extract(line, '([0-9]+) +[0-9]+\s*$', 1)::bigint as bytes
    from lines where substr(line, 7, 5) in ('Nonp ', 'Paged')),
second as (select min(n) as n from lines where n > 1 and starts_with(line, '# ')),
ends as (select key, min(n) as lo, arg_min(bytes, n) as a, arg_max(bytes, n) as b
         from rows group by key)
select b - case when lo < second.n then a else 0 end as grown, key
from ends, second order by grown desc, key limit 20
