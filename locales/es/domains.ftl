# Dominios de una marca: qué hay que configurar, qué dice el DNS y cómo está el certificado.

## El registro que hay que crear
domain-record-hint = Cree este registro CNAME en el proveedor de su dominio. Un TTL de 300 es una buena opción.
domain-no-proof = Este nombre no necesita comprobación y no recibe certificado.

## Qué dice el DNS
domain-state-unchecked = Aún sin comprobar
domain-state-unchecked-text = La primera comprobación se hará en menos de un minuto.
domain-state-points = Apunta aquí
domain-state-points-text = El registro CNAME es correcto. El portal responde en este dominio.
domain-state-not_found = No se encuentra ningún registro
domain-state-not_found-text = Este nombre aún no tiene ningún registro. Añada el registro CNAME que se muestra aquí; el DNS puede tardar unos minutos en darlo a conocer.
domain-state-address_record = Registro de dirección en lugar de CNAME
domain-state-address_record-text = El nombre tiene un registro de dirección ({ $found }). Una dirección no demuestra de quién es el dominio y deja de funcionar si el portal se traslada. Elimine los registros A y AAAA y añada el registro CNAME que se muestra aquí.
domain-state-other_claim = CNAME sin su etiqueta
domain-state-other_claim-text = El nombre lleva a { $found }: el lugar correcto, pero sin la etiqueta de esta solicitud. La etiqueta demuestra que el dominio es suyo. Configure el registro CNAME exactamente como se muestra aquí.
domain-state-points_elsewhere = El CNAME lleva a otro lugar
domain-state-points_elsewhere-text = El nombre lleva a { $found }. Cambie el registro CNAME por el que se muestra aquí.
domain-state-no_answer = El DNS no responde
domain-state-no_answer-text = Los servidores de nombres del dominio no han respondido. Se volverá a intentar automáticamente.

## El certificado
domain-certificate-none = Ninguno
domain-certificate-none-text = El certificado se solicita automáticamente en cuanto el registro CNAME es correcto.
domain-certificate-ordering = Solicitándose
domain-certificate-ordering-text = Por lo general tarda menos de un minuto.
domain-certificate-valid = Válido hasta el { $until }
domain-certificate-valid-text = Se renueva automáticamente con suficiente antelación.
domain-certificate-failed = La solicitud ha fallado
domain-certificate-failed-not_pointing = El registro CNAME no llevaba aquí cuando se volvió a comprobar, así que no se solicitó nada.
domain-certificate-failed-authority = La autoridad de certificación responde: { $message }
domain-certificate-next-try = El próximo intento será el { $time }.
domain-certificate-serves-until = El certificado actual sirve hasta el { $until }.

## Por qué no se puede añadir un dominio
domain-fault-host = Escriba un nombre como billing.example.com, sin https://, puerto ni ruta.
domain-fault-reserved = Este nombre es del propio portal. Use uno de su dominio y haga que lleve aquí mediante un registro CNAME.
domain-fault-in-use = Este dominio ya está en uso.

## La pestaña de una marca
domains-title = Dominios
domains-text = Los nombres en los que responde este portal. Cada uno se comprueba mediante un registro de su DNS y recibe un certificado que se renueva automáticamente.
domains-only-cname-title = Solo sirve un registro CNAME
domains-only-cname = Los registros de dirección (A, AAAA) y los nombres dirigidos directamente a este servidor se rechazan: una dirección no demuestra de quién es el nombre y deja de funcionar si el portal se traslada. Un registro CNAME no puede estar en la raíz de un dominio, así que use un nombre por debajo: billing.example.com en lugar de example.com.
domains-off-title = Las comprobaciones y los certificados están desactivados
domains-off = Los nombres se aceptan tal como se escriben y no se solicitan certificados. Quien administra esta instalación activa ambas cosas indicando en la configuración adónde llevan los registros CNAME y reiniciándola:
domains-none = Aún no hay dominios
domains-none-text = Este portal no se puede abrir hasta que tenga uno.
domains-main = Se usa en los enlaces
domains-answers = Responde
domains-waits = Pendiente de comprobación
domains-dns = DNS
domains-checked = Comprobado el { $time }.
domains-answers-still = El portal sigue respondiendo en este dominio, pero su certificado no se puede renovar hasta que el registro vuelva a ser correcto.
domains-certificate = Certificado
domains-certificate-elsewhere = Esta instalación no solicita certificados; lo hace lo que está delante de ella.
domains-no-proof-why = Solo se conoce en esta máquina, es una dirección o se configuró en la línea de comandos. Para comprobar un nombre público y obtener un certificado, quítelo y vuelva a añadirlo.
domains-record-target = Valor (destino)
domains-copy = Copiar el destino de { $host }
domains-copied = Copiado
domains-check = Comprobar ahora
domains-add-title = Añadir un dominio
domains-add = Añadir dominio
domains-host = Dominio
domains-host-hint = Sin https:// y sin ruta. A continuación se muestra qué hay que configurar en el DNS.
domains-host-hint-off = Sin https:// y sin ruta. El portal responde en él de inmediato.
domains-remove = Quitar dominio
domains-remove-title = ¿Quitar { $host }?
domains-remove-sure = El portal deja de responder en { $host } de inmediato, los enlaces que llevan allí dejan de funcionar y su certificado se elimina. Para volver a usar el nombre habrá que crear un registro nuevo.
domains-remove-sure-waiting = Su solicitud de { $host } termina. Para usar el nombre más adelante habrá que crear un registro nuevo.
domains-remove-sure-no-proof = El portal deja de responder en { $host } de inmediato y los enlaces que llevan allí dejan de funcionar.
notice-domain-added = El dominio se ha añadido. Ahora cree el registro que se muestra con él.
notice-domain-answers = El dominio se ha añadido. El portal responde en él.
notice-domain-removed = El dominio se ha quitado.
notice-domain-points = El registro es correcto.
notice-domain-does-not-point = El registro aún no es correcto. Lo que se ha encontrado se muestra con el dominio.
