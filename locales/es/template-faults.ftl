# Lo que está mal en una plantilla escrita por una marca y cómo corregirlo.

template-fault-at = Línea { $line }
template-fault-too-large = La plantilla tiene más de 64 KB. Acórtela.
template-fault-unclosed = Aquí se abren dos llaves que no se cierran. Ciérrelas.
template-fault-not-a-name = «{ $name }» no es un nombre. Entre llaves dobles solo pueden ir los nombres de la lista.
template-fault-unknown-name = Aquí no hay ningún valor llamado { $name }. Elija uno de los nombres de la lista.
template-fault-section-unclosed = La sección { $name } empieza aquí y no termina. Ciérrela con una barra delante de su nombre.
template-fault-section-not-open = La sección { $name } termina aquí, pero no es la última que se abrió.
template-fault-too-deep = Hay más de ocho secciones una dentro de otra. Anide menos.
